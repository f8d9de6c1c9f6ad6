use relay_runtime::extract::Args;
use relay_runtime::workflow;

struct Order;

#[workflow(http)]
async fn order(Args(_order): Args<Order>) {}

fn main() {}
