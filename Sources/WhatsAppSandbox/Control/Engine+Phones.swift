import NIOCore
import NIOPosix
import SignalProtocol

/// What can be ordered of the simulated phones; by the control API and in process alike.
extension Engine {
    func createPhone(_ order: NewPhone) throws(SandboxError) -> SandboxPhone {
        try perform { state throws(SandboxError) in
            _ = try state.createPhone(order)
            return try state.view(of: order.number)
        }
    }

    /// The phone scans what a companion shows.
    func scan(_ qr: String, at number: String) -> EventLoopFuture<LinkOutcome> {
        link { state, operation in try state.scan(qr, by: number, operation: operation) }
    }

    /// Somebody types a code at the phone.
    ///
    /// The slow derivation runs on a thread of its own.
    func enterCode(_ typed: String, at number: String) -> EventLoopFuture<LinkOutcome> {
        let offer: CodeOffer
        do throws(SandboxError) {
            offer = try view.offer(for: number)
        } catch {
            return eventLoop.makeFailedFuture(error)
        }
        guard let code = LinkingAlphabet.normalize(typed) else {
            return eventLoop.makeFailedFuture(
                SandboxError.invalid(
                    field: "code",
                    reason: "A code has eight letters and digits, without 0, I, O and U."
                )
            )
        }
        var random = SystemRandomNumberGenerator()
        let ephemeral = Curve25519KeyPair.generate(using: &random)
        let salt = randomBytes(32, using: &random)
        let counter = randomBytes(16, using: &random)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            try PrimaryCodeExchange(
                code: code,
                wrappedCompanionKey: offer.wrappedKey,
                ephemeral: ephemeral,
                salt: salt,
                counter: counter
            )
        }
        .flatMap { exchange in
            bound.value.link { state, operation in
                try state.sendPrimaryHello(exchange, for: offer, by: number, operation: operation)
            }
        }
    }

    func devices(of number: String) throws(SandboxError) -> [SandboxDevice] {
        try view.view(of: number).devices
    }

    func unlink(_ device: UInt16?, of number: String) throws(SandboxError) {
        try perform { state throws(SandboxError) in try state.unlink(device, of: number) }
    }

    func deletePhone(_ number: String) throws(SandboxError) {
        try perform { state throws(SandboxError) in try state.deletePhone(number) }
    }

    func inject(_ fault: SandboxFault, scope: FaultScope, times: Int?) throws(SandboxError) -> FaultReceipt {
        try perform { state throws(SandboxError) in try state.inject(fault, scope: scope, times: times) }
    }

    /// Clears one fault, or all.
    func clearFaults(_ id: Int?) throws(SandboxError) {
        try perform { state throws(SandboxError) in
            guard let id else { return state.faults.clear() }
            guard state.faults.clear(id) else { throw .unknownFault }
        }
    }

    /// Signs with the phone's passkey; JSON in, JSON out.
    func passkeyAssertion(of number: String, for options: PasskeyOptions) throws -> PasskeyAssertion {
        try perform { try $0.passkeyAssertion(of: number, for: options) }
    }
}
