table topRegions
"The regions of an enhancer's or a promoter's window that get the most attention of the other element"
    (
    string  chrom;       "Chromosome"
    uint    chromStart;  "First base, 0-based"
    uint    chromEnd;    "One past the last base"
    string  name;        "Element and rank"
    uint    score;       "Marginal attention of the pooling bin x 1000, 0 to 1000"
    char[1] strand;      "Always ."
    uint    thickStart;  "As chromStart"
    uint    thickEnd;    "As chromEnd"
    uint    itemRgb;     "Orange for enhancers, purple for promoters"
    string  element;     "enhancer or promoter"
    uint    rank;        "1 for the region with the most attention in its window"
    float   value;       "Marginal attention x number of bins in the window: 1 is no preference"
    string  pair;        "The pair: enhancer~promoter, as chrom:start-end"
    float   probability; "Predicted probability that the pair interacts"
    string  label;       "1 for a pair known to interact, 0 for one known not to, . for unknown"
    )
