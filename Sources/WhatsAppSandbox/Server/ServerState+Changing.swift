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
        guard let phone = phones.index(forKey: address.number) else { return nil }
        // In one access: to read a phone out of the dictionary copies all of it.
        return phones.values[phone].change(address.device, body)
    }
}
