//! What may be done about an error. The library knows what is wrong; which option mends it is known
//! here.

use epitrack::error::{Error, MissingInput};

/// An error with all its causes, and what may be done about it.
pub fn in_words(error: &anyhow::Error) -> String {
    let mut known = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<Error>());
    let (text, advice) = (format!("{error:#}"), known.find_map(advice));
    match advice {
        // Below what takes several lines.
        Some(advice) if text.contains('\n') => format!("{text}\n{advice}"),
        Some(advice) => format!("{text}: {advice}"),
        None => text,
    }
}

/// Whether an error is about a file, not about what is asked for.
pub fn is_of_file(error: &anyhow::Error) -> bool {
    let mut known = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<Error>());
    known.any(|error| {
        matches!(
            error,
            Error::Io { .. } | Error::Format { .. } | Error::BadRows { .. }
        )
    })
}

fn advice(error: &Error) -> Option<String> {
    let advice = match error {
        Error::Missing { input, .. } => return Some(giving(input)),
        Error::Occupied { .. } => "choose another folder, or --fresh to replace it",
        Error::Busy { .. } => "--wait waits until it is done",
        Error::OtherCheckpoint { .. } => {
            "give the same ones to go on, --device among them, or --fresh to begin anew"
        }
        Error::OldCheckpoint { .. } => "give --fresh to begin anew",
        Error::TooFewEpochs { reached, .. } => {
            return Some(format!(
                "ask for --epochs {reached} or more, or give --fresh to begin anew"
            ));
        }
        Error::NoCheckpoint { .. } => "give --fresh to train all epochs anew",
        Error::MixedMachines { .. } => {
            "--allow-mixed puts them together all the same, and tracks.json says so"
        }
        Error::NoAdapter => "try --device cpu",
        Error::Diverged(_) => "try a smaller --learning-rate",
        Error::EveryTrialDiverged => "give smaller learning rates in --space",
        _ => return None,
    };
    Some(advice.to_string())
}

/// How an input is given.
fn giving(input: &MissingInput) -> String {
    match input {
        MissingInput::BengiAnnotation => "give --bengi-ccres and --bengi-tss".to_string(),
        MissingInput::StringNames => {
            "give STRING's protein.info file with --string-info".to_string()
        }
        MissingInput::Features { cell } => {
            format!("it needs --features {cell}=FILE or --assays {cell}=FILE")
        }
        MissingInput::Context => {
            "give --context-features or --context-assays, as in the training".to_string()
        }
        MissingInput::Motifs => "it needs --motifs".to_string(),
        MissingInput::InitialMotifs => "it needs --init-motifs".to_string(),
        MissingInput::Activity => {
            "train with --activity or --activity-peaks, or rank by another measure".to_string()
        }
    }
}
