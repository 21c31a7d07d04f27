//! A folder over HTTP/1.1, so that a genome browser can be pointed at it at once.
//!
//! For trying a hub, on one's own machine or a network that one trusts: everything in the folder
//! can be read by whoever reaches the address, and any web page may ask for it, because browsers
//! at other sites have to. Nothing outside the folder can be read. UCSC's own server loads hubs
//! itself and so needs an address that it can reach from outside.
//!
//! Requests are parsed by httparse, hyper's parser; tiny_http has no time limits
//! (<https://github.com/tiny-http/tiny-http/issues/143>), and hyper would need a runtime.

mod connection;
mod date;
mod listing;
mod range;
mod request;
mod response;
mod root;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tracing::{debug, warn};

use crate::error::{Error, Result};
use connection::Patience;
use root::Root;

/// Connections at a time; further ones wait in the operating system's queue. A web browser opens
/// six to one address.
const CONNECTIONS: usize = 64;
/// How long a thread rests when no connection can be accepted, such as for want of descriptors.
const REST: Duration = Duration::from_millis(100);
/// How long a thread that is to stop may take to hear of it.
const WAKE: Duration = Duration::from_secs(1);

/// A server that is bound to its address and not yet running.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    root: Root,
    patience: Patience,
    stopped: Arc<AtomicBool>,
}

/// Stops a server that runs on another thread.
#[derive(Debug, Clone)]
pub struct Stop {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

impl Server {
    /// Binds to an address; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] for an address that is taken or not this machine's; a folder that cannot
    /// be read.
    pub fn bind(dir: &Path, address: SocketAddr) -> Result<Self> {
        let root = Root::new(dir)?;
        let refuse = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        Ok(Self {
            listener,
            address,
            root,
            patience: Patience::default(),
            stopped: Arc::default(),
        })
    }

    /// The address with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What stops [`Self::run`].
    pub fn stop(&self) -> Stop {
        Stop {
            address: self.address,
            stopped: Arc::clone(&self.stopped),
        }
    }

    /// Serves until it is stopped. Connections that are open then end with their present answer,
    /// or after the few seconds that a silent client is waited for.
    ///
    /// # Errors
    ///
    /// Threads that cannot be started.
    pub fn run(&self) -> Result<()> {
        let result = thread::scope(|scope| {
            for number in 0..CONNECTIONS {
                let worker = thread::Builder::new().name(format!("serve-{number}"));
                if let Err(error) = worker.spawn_scoped(scope, || self.accept_until_stopped()) {
                    self.stop().stop();
                    return Err(error);
                }
            }
            Ok(())
        });
        result.map_err(|source| Error::Listen {
            address: self.address,
            source,
        })
    }

    fn accept_until_stopped(&self) {
        while !self.stopped.load(Ordering::Relaxed) {
            match self.listener.accept() {
                Ok((stream, client)) => {
                    // A client that goes away or says nothing is its own affair.
                    let ended =
                        connection::serve(&stream, &self.root, self.patience, &self.stopped);
                    if let Err(error) = ended {
                        debug!("{client}: {error}");
                    }
                }
                Err(error) if is_the_clients(&error) => debug!("{error}"),
                Err(error) => {
                    warn!("cannot accept a connection: {error}");
                    thread::sleep(REST);
                }
            }
        }
        // The next thread still sleeps in `accept`.
        wake(self.address);
    }
}

impl Stop {
    /// Lets [`Server::run`] return.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        wake(self.address);
    }
}

/// Whether a connection failed because the client gave it up before it was accepted.
fn is_the_clients(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

/// Makes one thread return from `accept`. Without effect where nobody listens any more.
fn wake(mut address: SocketAddr) {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    let _ = TcpStream::connect_timeout(&address, WAKE);
}

#[cfg(test)]
mod tests;
