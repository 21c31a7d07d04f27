//! `epitrack serve`

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::Result;
use epitrack::browser::serve::Server;
use tracing::warn;

use super::stdout::print;

/// Descriptors that are asked for.
#[cfg(unix)]
const DESCRIPTORS: libc::rlim_t = 10_000;

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

    /// A further name that requests may be for, such as a tunnel's; without --bind only those of this
    /// machine are answered
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
}

impl Args {
    /// Serves until the program is ended.
    pub fn run(self) -> Result<()> {
        raise_descriptors();
        let server = Server::bind(&self.dir, SocketAddr::new(self.bind, self.port))?;
        let server = server.for_hosts(self.host);
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

/// Takes as many descriptors as the system gives: a client takes up to three.
fn raise_descriptors() {
    #[cfg(unix)]
    // SAFETY: both calls read or write the limits that they are given and nothing else.
    unsafe {
        let mut limit: libc::rlimit = std::mem::zeroed();
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max.min(DESCRIPTORS);
            libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
        }
    }
}
