table addedBed
"Regions of a BED file that was added"
(
string chrom;      "Chromosome"
uint   chromStart; "First base, 0-based"
uint   chromEnd;   "One past the last base"
string name;       "Name"
uint   score;      "Score, 0-1000"
char[1] strand;    "Strand"
)
