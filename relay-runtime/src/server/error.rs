//! Why a server does not start.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use relay_protocol::signature::BadSecret;

use super::TlsError;

/// Why a server cannot start. Once it serves, it does not fail any more.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServerError {
    /// No workflow was registered.
    NoWorkflow,
    /// Two workflows have the same path.
    PathTaken {
        /// The path, with a leading slash.
        path: String,
        /// Name of the workflow that was registered first.
        first: String,
        /// Name of the workflow that came second.
        second: String,
    },
    /// A registered path holds a scheme, a query or a fragment.
    NotAPath {
        /// What was given.
        path: String,
        /// Name of the workflow.
        workflow: String,
    },
    /// An environment variable has a value that cannot be used.
    Variable {
        /// Name of the variable.
        name: &'static str,
        /// Its value.
        value: String,
        /// What to write instead.
        fix: &'static str,
    },
    /// An environment variable is needed because of another one.
    VariableMissing {
        /// Name of the variable that is not set.
        name: &'static str,
        /// Name of the variable that is set.
        because_of: &'static str,
    },
    /// A secret that whoever dials must know is none.
    SigningSecret(BadSecret),
    /// The certificate or its key cannot be used.
    Tls(TlsError),
    /// The address cannot be listened on.
    Bind {
        /// The address.
        addr: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// Transcripts cannot be written to the folder.
    Transcripts {
        /// The folder.
        dir: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The handlers for Ctrl-C and SIGTERM cannot be installed.
    Signals(io::Error),
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWorkflow => f.write_str("no workflow to serve: register one with `workflow`"),
            Self::PathTaken { path, first, second } => write!(
                f,
                "workflows `{first}` and `{second}` both have the path `{path}`: move one with `workflow_at`"
            ),
            Self::NotAPath { path, workflow } => write!(
                f,
                "`{path}` cannot be the path of workflow `{workflow}`: give only what follows the host, without query"
            ),
            Self::Variable { name, value, fix } => write!(f, "{name} is `{value}`: {fix}"),
            Self::VariableMissing { name, because_of } => {
                write!(f, "{because_of} is set but {name} is not: set both or neither")
            }
            Self::SigningSecret(error) => write!(f, "{error}: take what `relay-server secret show` prints"),
            Self::Tls(error) => error.fmt(f),
            Self::Bind { addr, source } => write!(f, "cannot listen on {addr}: {}", source.kind()),
            Self::Transcripts { dir, source } => {
                write!(f, "cannot write transcripts to {}: {}", dir.display(), source.kind())
            }
            Self::Signals(_) => f.write_str("cannot install the handlers for Ctrl-C and SIGTERM"),
        }
    }
}

impl Error for ServerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Tls(error) => error.source(),
            Self::Bind { source, .. } | Self::Transcripts { source, .. } | Self::Signals(source) => {
                Some(source)
            }
            _ => None,
        }
    }
}

impl From<TlsError> for ServerError {
    fn from(error: TlsError) -> Self {
        Self::Tls(error)
    }
}
