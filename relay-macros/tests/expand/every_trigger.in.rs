#[workflow]
impl Watch {
    #[trigger(phrase = "watch")]
    #[trigger(button, taps = triple)]
    #[trigger(http)]
    #[trigger(nfc, category = "door", label = "main entrance")]
    #[trigger(timer, start_time = "2027-01-04T08:00:00", frequency = weekly, days = [mo, fr], count = 10)]
    #[trigger(battery, discharge = 25)]
    #[trigger(geofence, geofence_id = "geo_17", transition = exit)]
    #[trigger(position, venue_id = "venue_3", position_id = "pos_12")]
    #[trigger(call, direction = inbound)]
    #[trigger(emergency)]
    #[trigger(other)]
    async fn begin(&self, start: Start) {}
}
