use relay_runtime::api::Client;

#[tokio::main]
async fn main() -> relay_runtime::Result<()> {
    let relay = Client::from_env()?; // RELAY_SUBSCRIBER_ID, and RELAY_REFRESH_TOKEN or RELAY_API_KEY

    let bell = relay.fetch_device("990007560011111").await?;
    println!("{} is {}", bell.name.unwrap_or_default(), bell.status.unwrap_or_default());

    relay
        .trigger_workflow("wf_lobbybell_3kQ9")
        .user("990007560011111")
        .arg("room", 231)
        .arg("urgent", true)
        .await?;
    Ok(())
}
