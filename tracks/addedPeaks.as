table addedPeaks
"Peaks of a narrowPeak file that was added"
(
string chrom;      "Chromosome"
uint   chromStart; "First base, 0-based"
uint   chromEnd;   "One past the last base"
string name;       "Name"
uint   score;      "Score, 0-1000"
char[1] strand;    "Strand"
float  signalValue; "Enrichment"
float  pValue;     "-log10 p; -1 where there is none"
float  qValue;     "-log10 q; -1 where there is none"
int    peak;       "Summit, from the first base; -1 where there is none"
)
