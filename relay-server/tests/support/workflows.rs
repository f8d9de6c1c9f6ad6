//! A workflow server that does nothing but to see its starts.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use relay_testkit::Certificate;
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// What is done for each connection before it is answered, for the arguments of its start, and when it is gone.
pub(crate) trait Workflow: Send + Sync + 'static {
    fn dialled(&self) {}
    fn started(&self, args: &Value);
    fn gone(&self) {}
}

/// How TLS is spoken with this certificate. `tickets` lets whoever comes again leave out half of the handshake.
pub(crate) fn acceptor(certificate: &Certificate, tickets: usize) -> TlsAcceptor {
    let chain = CertificateDer::pem_slice_iter(certificate.certificate.as_bytes());
    let key = PrivateKeyDer::from_pem_slice(certificate.key.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let chain = chain.collect::<Result<_, _>>().unwrap();
    let mut config = config.with_no_client_auth().with_single_cert(chain, key).unwrap();
    config.send_tls13_tickets = tickets;
    TlsAcceptor::from(Arc::new(config))
}

/// Serves, with TLS or without, until the runtime ends. Says the port.
pub(crate) async fn serve(tls: Option<TlsAcceptor>, workflow: Arc<impl Workflow>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let (tls, workflow) = (tls.clone(), Arc::clone(&workflow));
            tokio::spawn(async move {
                let _ = tcp.set_nodelay(true);
                workflow.dialled();
                // Whoever dials may be killed at any moment.
                let _ = match tls {
                    None => run(tcp, &*workflow).await,
                    Some(tls) => match tls.accept(tcp).await {
                        Ok(stream) => run(stream, &*workflow).await,
                        Err(_) => None,
                    },
                };
                workflow.gone();
            });
        }
    });
    port
}

/// Is over at once. None if the connection broke.
async fn run(stream: impl AsyncRead + AsyncWrite + Unpin, workflow: &impl Workflow) -> Option<()> {
    let config = WebSocketConfig::default().read_buffer_size(1 << 10);
    let mut socket = tokio_tungstenite::accept_async_with_config(stream, Some(config)).await.ok()?;
    while let Some(message) = socket.next().await {
        let frame: Value = serde_json::from_slice(&message.ok()?.into_data()).unwrap_or_default();
        if frame["_type"] == "wf_api_start_event" {
            workflow.started(&frame["trigger"]["args"]["args"]);
            let terminate = r#"{"_id":"1","_type":"wf_api_terminate_request"}"#;
            socket.send(Message::Text(terminate.into())).await.ok()?;
        }
    }
    Some(())
}
