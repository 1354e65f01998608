extension ServerState {
    /// Changes a phone where it lies; nil when there is none of that number.
    ///
    /// `phones[number]?` would copy the phone, with its dozens of references, for every stanza.
    @discardableResult
    mutating func change<Result, Failure: Error>(
        _ number: String,
        _ body: (inout Phone) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let index = phones.index(forKey: number) else { return nil }
        return try body(&phones.values[index])
    }

    /// Changes a companion where it lies; nil when there is none of that address.
    @discardableResult
    mutating func change<Result>(_ address: DeviceAddress, _ body: (inout LinkedDevice) -> Result) -> Result? {
        guard let phone = phones.index(forKey: address.number),
            let device = phones.values[phone].devices.index(forKey: address.device)
        else { return nil }
        return body(&phones.values[phone].devices.values[device])
    }
}
