//! A wire to a server, that can be cut and mended.

use std::net::SocketAddr;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// Passes bytes to a server on this machine; ends with the value.
#[derive(Debug)]
pub struct Wire {
    server: String,
    address: SocketAddr,
    cuts: watch::Sender<u64>,
    accepting: JoinHandle<()>,
    /// Keeps the port while the wire is cut; nobody listens, so connections are refused.
    kept: Option<TcpSocket>,
}

impl Wire {
    /// A wire to the server of this URL.
    pub async fn to(url: &str) -> Self {
        let server = url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, cuts) = (listener.local_addr().unwrap(), watch::Sender::new(0));
        let accepting = tokio::spawn(accept(listener, server.clone(), cuts.clone()));
        Self { server, address, cuts, accepting, kept: None }
    }

    /// `url` by way of this wire.
    pub fn through(&self, url: &str) -> String {
        let path = url.trim_start_matches("http://").split_once('/').map_or("", |(_, path)| path);
        format!("http://{}/{path}", self.address)
    }

    /// Breaks every connection, and refuses new ones.
    pub async fn cut(&mut self) {
        self.accepting.abort();
        let _ = (&mut self.accepting).await;
        self.cuts.send_modify(|cuts| *cuts += 1);
        let kept = TcpSocket::new_v4().unwrap();
        kept.set_reuseaddr(true).unwrap();
        kept.bind(self.address).unwrap();
        self.kept = Some(kept);
    }

    /// Lets connections through again.
    pub fn mend(&mut self) {
        let listener = self.kept.take().expect("it was cut").listen(BACKLOG).unwrap();
        self.accepting = tokio::spawn(accept(listener, self.server.clone(), self.cuts.clone()));
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, server: String, cuts: watch::Sender<u64>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(pass(client, server.clone(), cuts.subscribe()));
    }
}

async fn pass(mut client: TcpStream, server: String, mut cut: watch::Receiver<u64>) {
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => {}
        _ = cut.changed() => {}
    }
}
