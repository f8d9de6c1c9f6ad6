//! Chains of certificates, good and bad, made on the spot.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// What a server shows.
pub(crate) struct Chain {
    pub(crate) name: &'static str,
    pub(crate) certificates: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
    /// The root, as PEM.
    pub(crate) authority: String,
    leaf: String,
}

type Issuer = CertifiedIssuer<'static, KeyPair>;

impl Chain {
    /// Leaf and root, both shown.
    pub(crate) fn good() -> Self {
        let root = root();
        Self::of("good", leaf(&["127.0.0.1"]), &root, vec![root.der().clone()], &root)
    }

    /// What is in these PEM files.
    pub(crate) fn from_files(certificates: &str, key: &str) -> Self {
        let certificates = CertificateDer::pem_slice_iter(certificates.as_bytes());
        Self {
            name: "from files",
            certificates: certificates.map(Result::unwrap).collect(),
            key: PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
            authority: String::new(),
            leaf: String::new(),
        }
    }

    /// The leaf as PEM, without the root.
    pub(crate) fn pem(&self) -> String {
        self.leaf.clone()
    }

    /// The leaf alone.
    pub(crate) fn leaf_only() -> Self {
        let root = root();
        Self::of("leaf only", leaf(&["127.0.0.1"]), &root, Vec::new(), &root)
    }

    pub(crate) fn expired() -> Self {
        let (root, mut leaf) = (root(), leaf(&["127.0.0.1"]));
        leaf.not_before = date_time_ymd(2001, 1, 1);
        leaf.not_after = date_time_ymd(2002, 1, 1);
        Self::of("expired", leaf, &root, vec![root.der().clone()], &root)
    }

    pub(crate) fn not_yet() -> Self {
        let (root, mut leaf) = (root(), leaf(&["127.0.0.1"]));
        leaf.not_before = date_time_ymd(4000, 1, 1);
        leaf.not_after = date_time_ymd(4001, 1, 1);
        Self::of("not yet valid", leaf, &root, vec![root.der().clone()], &root)
    }

    /// For other names than the one that is dialled.
    pub(crate) fn elsewhere() -> Self {
        let root = root();
        Self::of("elsewhere", leaf(&["relay.example", "10.0.0.1"]), &root, vec![root.der().clone()], &root)
    }

    pub(crate) fn self_signed() -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = leaf(&["127.0.0.1"]).self_signed(&key).unwrap();
        let authority = certificate.pem();
        Self {
            name: "self-signed",
            certificates: vec![certificate.der().clone()],
            key: der(&key),
            leaf: authority.clone(),
            authority,
        }
    }

    /// Signed by an intermediate that is not shown, as public authorities do it.
    pub(crate) fn without_intermediate() -> Self {
        let root = root();
        let intermediate =
            CertifiedIssuer::signed_by(authority("Test Intermediate"), KeyPair::generate().unwrap(), &root);
        let mut leaf = leaf(&["127.0.0.1"]);
        leaf.custom_extensions.push(issuer_url("http://ca.example/i.der"));
        Self::of("without intermediate", leaf, &intermediate.unwrap(), Vec::new(), &root)
    }

    fn of(
        name: &'static str,
        leaf: CertificateParams,
        issuer: &Issuer,
        rest: Vec<CertificateDer<'static>>,
        root: &Issuer,
    ) -> Self {
        let key = KeyPair::generate().unwrap();
        let leaf = leaf.signed_by(&key, issuer).unwrap();
        let certificates = [vec![leaf.der().clone()], rest].concat();
        Self { name, certificates, key: der(&key), authority: root.pem(), leaf: leaf.pem() }
    }
}

fn root() -> Issuer {
    CertifiedIssuer::self_signed(authority("Test Root"), KeyPair::generate().unwrap()).unwrap()
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    named(params, name)
}

fn leaf(names: &[&str]) -> CertificateParams {
    let mut params =
        CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2999, 1, 1);
    named(params, "Test Leaf")
}

fn named(mut params: CertificateParams, name: &str) -> CertificateParams {
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// Authority Information Access: where the issuer's certificate can be fetched.
fn issuer_url(url: &str) -> CustomExtension {
    // caIssuers, 1.3.6.1.5.5.7.48.2
    let method = [6, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 2];
    let place = [&[0x86, u8::try_from(url.len()).unwrap()], url.as_bytes()].concat();
    let access = sequence(&[&method[..], &place].concat());
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], sequence(&access))
}

fn sequence(content: &[u8]) -> Vec<u8> {
    [&[0x30, u8::try_from(content.len()).unwrap()], content].concat()
}

fn der(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}
