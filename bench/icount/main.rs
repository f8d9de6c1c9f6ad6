//! Work to be counted by valgrind: `bench-icount <case> <times>` does the case so many times. The cost of one is the
//! difference between two runs, so that start and end of the process do not count.
//!
//! Everything runs on one thread, the same way each time.

#![allow(missing_docs, unreachable_pub)] // a program, not a library

mod client;
mod codec;
mod live;
mod session;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let flags = xflags::parse_or_exit! {
        /// decode, encode, session, dispatch, request or hello.
        required case: String
        /// How often.
        required times: u32
    };
    let times = flags.times;
    match &*flags.case {
        "decode" => codec::decode(times),
        "encode" => codec::encode(times),
        "session" => session::hello(times)?,
        "dispatch" => live::dispatch(times)?,
        "request" => live::request(times)?,
        "hello" => live::hello(times)?,
        other => bail!("no case `{other}`"),
    }
    Ok(())
}
