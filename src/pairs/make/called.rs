//! What start sites are called: genes, strands and transcripts.

use crate::pairs::Gene;

/// What a row says of its start site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The gene's name, or else its accession.
    pub gene: Option<String>,
    /// `+`, `-`, or `.` where the row does not say.
    pub strand: char,
    /// The transcript's accession.
    pub transcript: Option<String>,
}

/// What the start sites of one promoter are called, in the file's order and each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called {
    genes: Vec<(String, char)>,
    transcripts: Vec<String>,
}

impl Called {
    /// Adds a start site.
    pub fn add(&mut self, site: &Site) {
        if let Some(gene) = &site.gene
            && !self.genes.iter().any(|(known, _)| known == gene)
        {
            self.genes.push((gene.clone(), site.strand));
        }
        if let Some(transcript) = &site.transcript
            && !self.transcripts.contains(transcript)
        {
            self.transcripts.push(transcript.clone());
        }
    }

    /// Whether nothing is called anything.
    pub fn is_empty(&self) -> bool {
        self.genes.is_empty() && self.transcripts.is_empty()
    }

    /// The genes as a pair has them.
    pub fn gene(&self) -> Option<Gene> {
        let [genes, ..] = self.fields();
        Gene::new(&genes)
    }

    /// Genes, their strands and the transcripts, each list with `;` between its parts.
    pub fn fields(&self) -> [String; 3] {
        let genes: Vec<&str> = self.genes.iter().map(|(gene, _)| gene.as_str()).collect();
        let strands = self.genes.iter().map(|(_, strand)| strand.to_string());
        let strands: Vec<String> = strands.collect();
        [
            genes.join(";"),
            strands.join(";"),
            self.transcripts.join(";"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shares_a_promoter_is_listed_once() {
        let mut called = Called::default();
        assert!(called.is_empty());
        for (gene, strand, transcript) in [
            ("A", '+', "T1"),
            ("B", '-', "T2"),
            ("A", '+', "T3"),
            ("A", '+', "T1"),
        ] {
            called.add(&Site {
                gene: Some(gene.to_string()),
                strand,
                transcript: Some(transcript.to_string()),
            });
        }
        assert_eq!(called.fields(), ["A;B", "+;-", "T1;T2;T3"]);
        assert_eq!(called.gene(), Gene::new("A;B"));
    }
}
