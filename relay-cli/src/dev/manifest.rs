//! Asking a workflow process what it offers, which it answers as soon as it takes sessions.

use std::net::Ipv4Addr;
use std::time::Duration;

use relay_protocol::manifest::WorkflowManifest;
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;

/// How often a process that has just begun is asked.
const PAUSE: Duration = Duration::from_millis(2);

#[derive(Deserialize)]
struct Page {
    workflows: Vec<WorkflowManifest>,
}

/// Asks at the admin port until there is an answer. Cancel safe.
pub(super) async fn ask(port: u16, token: &str) -> Result<Vec<WorkflowManifest>, String> {
    loop {
        match answer(port, token).await {
            Ok(page) => return read(&page),
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// The whole answer. Ten lines of HTTP: the server closes the connection after each answer.
async fn answer(port: u16, token: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    let request = format!(
        "GET /manifest HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut page = Vec::new();
    stream.read_to_end(&mut page).await?;
    Ok(page)
}

fn read(page: &[u8]) -> Result<Vec<WorkflowManifest>, String> {
    let end = page.windows(4).position(|four| four == b"\r\n\r\n").ok_or("it does not speak HTTP")?;
    let head = String::from_utf8_lossy(&page[..end]);
    if !head.starts_with("HTTP/1.1 200") {
        return Err(head.lines().next().unwrap_or_default().to_owned());
    }
    let page: Page = serde_json::from_slice(&page[end + 4..]).map_err(|error| error.to_string())?;
    Ok(page.workflows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read_from_the_answer() {
        let page = b"HTTP/1.1 200 OK\r\ncontent-length: 63\r\n\r\n{\"workflows\":[{\"name\":\"hello\",\"path\":\"/hello\",\"triggers\":[]}]}";
        assert_eq!(read(page).unwrap(), [WorkflowManifest::new("hello")]);
        assert_eq!(read(b"HTTP/1.1 404 Not Found\r\n\r\n").unwrap_err(), "HTTP/1.1 404 Not Found");
        assert_eq!(read(b"SSH-2.0").unwrap_err(), "it does not speak HTTP");
    }
}
