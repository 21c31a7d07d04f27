table motifSites
"Places whose sequence matches the matrix of a transcription factor"
    (
    string  chrom;      "Chromosome"
    uint    chromStart; "First base, 0-based"
    uint    chromEnd;   "One past the last base"
    string  name;       "The matrix's name"
    uint    score;      "-100 x log10 of the p-value, at most 1000"
    char[1] strand;     "The strand that matches"
    string  matrix;     "The matrix's accession"
    string  factors;    "Symbols of the transcription factors, between commas"
    float   bits;       "Log-odds against the background, in bits"
    double  pValue;     "Probability of a score at least as high, by chance, at one place of one strand"
    )
