extension SignedPreKey {
    /// How long a signed pre-key is offered; WhatsApp Web's interval.
    package static let rotationInterval: Duration = .seconds(27 * 24 * 60 * 60)
    /// How many replaced keys are kept for messages that are still on their way.
    package static let formerKeysKept = 2

    /// The key that replaces this one, under the next number; numbers have 24 bits and are never 0.
    package func successor(
        identity: Curve25519KeyPair,
        using random: inout some RandomNumberGenerator
    ) -> SignedPreKey {
        let next = id >= 0xff_ffff ? 1 : id + 1
        return .generate(id: next, identity: identity, using: &random)
    }
}
