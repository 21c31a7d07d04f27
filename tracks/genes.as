table genes
"Genes, each as its longest transcript, one that codes before one that does not"
(
string chrom;      "Chromosome"
uint   chromStart; "First base, 0-based"
uint   chromEnd;   "One past the last base"
string name;       "The gene"
uint   score;      "Always 0"
char[1] strand;    "Strand"
uint   thickStart; "First coding base; as chromStart where none codes"
uint   thickEnd;   "One past the last coding base, the stop codon among them; as chromStart where none codes"
uint   reserved;   "Always 0: the track's colour"
int    blockCount; "Exons"
int[blockCount] blockSizes; "Their lengths"
int[blockCount] chromStarts; "Their starts, from chromStart"
string transcript; "The transcript"
)
