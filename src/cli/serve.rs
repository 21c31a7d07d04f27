//! `epitrack serve`

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::Result;
use epitrack::browser::serve::Server;
use tracing::warn;

use super::stdout::print;

/// Serve a folder of tracks to a genome browser
///
/// For trying a hub or a session at once: files come in byte ranges and to pages of any site.
/// Files whose names begin with a dot, and whatever lies outside the folder, are not served. Ends
/// with Ctrl-C.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder
    dir: PathBuf,

    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,

    /// The address; 0.0.0.0 lets other machines read the folder
    #[arg(long, value_name = "ADDRESS", default_value_t = Ipv4Addr::LOCALHOST.into())]
    bind: IpAddr,
}

impl Args {
    /// Serves until the program is ended.
    pub fn run(self) -> Result<()> {
        let server = Server::bind(&self.dir, SocketAddr::new(self.bind, self.port))?;
        let address = server.address();
        if !self.bind.is_loopback() {
            let dir = self.dir.display();
            warn!("whoever reaches {address} can read {dir}");
        }
        print(format_args!("http://{address}/"))?;
        server.run_until_interrupted()?;
        Ok(())
    }
}
