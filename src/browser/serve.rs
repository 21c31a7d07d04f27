//! A folder over HTTP/1.1, so that a genome browser can be pointed at it at once.
//!
//! For trying a hub, on one's own machine or a network that one trusts: everything in the folder
//! can be read by whoever reaches the address, and any web page may ask for it, because browsers
//! at other sites have to. A page whose own name is made to lead here (DNS rebinding) may not: on an
//! address of this machine alone, requests have to name it. Nothing outside the folder can be read. UCSC's own server loads hubs
//! itself and so needs an address that it can reach from outside.
//!
//! axum and tower-http answer, on hyper's connections. `axum::serve` would not do: it has no time
//! limits for clients that send or read slowly.

mod connection;
mod file;
mod listing;
mod range;
mod root;
mod site;
mod stop;

use std::future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio::{runtime, select, signal};
use tracing::{debug, warn};

use crate::error::{Error, Result};
use connection::Patience;
use root::Root;
use stop::Stop;

/// Connections at a time; further ones wait in the operating system's queue. A web browser opens
/// six to one address; a thousand that do nothing are not to be in its way.
const CONNECTIONS: usize = 1000;
/// How long to rest when no connection can be accepted, such as for want of descriptors.
const REST: Duration = Duration::from_millis(100);

/// A server that is bound to its address and not yet running.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    root: Root,
    hosts: Vec<String>,
    patience: Patience,
    stop: Stop,
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
        listener.set_nonblocking(true).map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        Ok(Self {
            listener,
            address,
            root,
            hosts: Vec::new(),
            patience: Patience::default(),
            stop: Stop::default(),
        })
    }

    /// Answers on a loopback address also requests that name one of these hosts, as a tunnel's do.
    pub fn for_hosts(mut self, hosts: Vec<String>) -> Self {
        self.hosts = hosts;
        self
    }

    /// The address with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until Ctrl-C. Connections that are open then end with their present answer, or after
    /// a few seconds.
    ///
    /// # Errors
    ///
    /// A runtime that cannot be started.
    pub fn run_until_interrupted(self) -> Result<()> {
        self.run_until(async {
            if let Err(error) = signal::ctrl_c().await {
                // The operating system ends the program then, as it does any other.
                debug!("cannot wait for Ctrl-C: {error}");
                future::pending::<()>().await;
            }
        })
    }

    fn run_until(self, end: impl Future<Output = ()>) -> Result<()> {
        let address = self.address;
        runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .and_then(|runtime| runtime.block_on(self.serve_until(end)))
            .map_err(|source| Error::Listen { address, source })
    }

    async fn serve_until(self, end: impl Future<Output = ()>) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let router = site::router(self.root, self.address.ip(), self.hosts);
        let mut clients = JoinSet::new();
        let mut end = pin!(end);
        loop {
            select! {
                accepted = listener.accept(), if clients.len() < CONNECTIONS => match accepted {
                    Ok((stream, client)) => {
                        let (router, stop) = (router.clone(), self.stop.clone());
                        let served = connection::serve(stream, router, self.patience, stop);
                        clients.spawn(async move {
                            // A client that goes away or says nothing is its own affair.
                            if let Err(error) = served.await {
                                debug!("{client}: {error}");
                            }
                        });
                    }
                    Err(error) if is_the_clients(&error) => debug!("{error}"),
                    Err(error) => {
                        warn!("cannot accept a connection: {error}");
                        sleep(REST).await;
                    }
                },
                Some(_) = clients.join_next() => {}
                () = self.stop.said() => break,
                () = end.as_mut() => break,
            }
        }
        drop(listener);
        self.stop.stop();
        let last_answers = async { while clients.join_next().await.is_some() {} };
        if timeout(self.patience.stop, last_answers).await.is_err() {
            debug!("some clients lose the rest of their answer");
        }
        Ok(())
    }
}

/// Whether a connection failed because the client gave it up before it was accepted.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    [ConnectionAborted, ConnectionReset, Interrupted].contains(&error.kind())
}

#[cfg(test)]
mod tests;
