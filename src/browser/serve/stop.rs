//! The word that ends a server.

use tokio::sync::watch;

/// Stops a server that runs on another thread.
#[derive(Debug, Clone, Default)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Lets the server end.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Waits until it was said, if it was not yet.
    pub(super) async fn said(&self) {
        let mut word = self.0.subscribe();
        // It does not fail while there is a sender, and this is one.
        let _ = word.wait_for(|&said| said).await;
    }
}
