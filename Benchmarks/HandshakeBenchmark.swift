import ArgumentParser
import Foundation
import SignalProtocol
import WhatsAppWire

/// Noise handshakes of both sides, and frames through the ciphers.
struct HandshakeBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handshake",
        abstract: "Noise handshakes a second, and MB/s through the frame ciphers."
    )

    @Option(help: "Runs of which the median counts.")
    var runs = 7

    @Option(help: "Milliseconds a run.")
    var milliseconds = 400

    func run() throws {
        Circumstances.current().report()
        report("median of \(runs) runs of \(milliseconds) ms; one core, processor time")
        report("")
        let parties = Parties()
        let payload = [UInt8](repeating: 7, count: 300)

        try measure("client: hello and finish, chain checked") {
            _ = try parties.initiator().finish(serverHello: parties.serverHello, payload: payload, now: parties.now)
        }
        let initiator = parties.initiator()
        let hello = initiator.clientHello()
        let finish =
            try initiator
            .finish(serverHello: parties.serverHello, payload: payload, now: parties.now).clientFinish
        try measure("server: hello and finish") {
            var responder = parties.responder()
            _ = try responder.receive(clientHello: hello)
            _ = try responder.receive(clientFinish: finish)
        }
        var random = SplitMix(seed: 2)
        measure("key pair") { keep(Curve25519KeyPair.generate(using: &random)) }
        let signature = XEdDSA.sign(payload, with: parties.root, using: &random)
        measure("XEdDSA signature") { keep(XEdDSA.sign(payload, with: parties.root, using: &random)) }
        measure("XEdDSA check") {
            keep(XEdDSA.isValid(signature, for: payload, publicKey: parties.root.publicKey))
        }

        for count in [100, 600, 16_384] {
            let plaintext = [UInt8](repeating: 1, count: count)
            let (_, transport) = try initiator.finish(
                serverHello: parties.serverHello,
                payload: payload,
                now: parties.now
            )
            var sealing = transport
            let sample = try sample { keep(try sealing.seal(plaintext)) }
            let rate = Double(count) / sample.median / 1e6
            report("frame of \(count) bytes sealed".padded(to: 42) + "\(rate.digits(0)) MB/s")
        }
    }

    private func measure(_ name: String, _ body: () throws -> Void) rethrows {
        let sample = try sample(body)
        let time = "\((sample.median * 1e6).digits(1)) µs".padded(to: 14)
        report(name.padded(to: 42) + time + "\((1 / sample.median).digits(0)) a second")
    }

    private func sample(_ body: () throws -> Void) rethrows -> Sample {
        try body()
        return Sample(try (0..<runs).map { _ in try secondsPerTurn(for: .milliseconds(milliseconds), body) })
    }
}

/// A device and a server with fixed keys.
struct Parties {
    let root, intermediate, server, serverEphemeral, device, deviceEphemeral: Curve25519KeyPair
    let chain: [UInt8]
    let serverHello: [UInt8]
    let now = Date(timeIntervalSince1970: 1_766_000_000)

    init(seed: UInt64 = 1) {
        var random = SplitMix(seed: seed)
        root = .generate(using: &random)
        intermediate = .generate(using: &random)
        server = .generate(using: &random)
        serverEphemeral = .generate(using: &random)
        device = .generate(using: &random)
        deviceEphemeral = .generate(using: &random)
        chain = CertificateChain.make(
            root: root,
            intermediate: intermediate,
            leafKey: server.publicKey,
            notBefore: now,
            notAfter: now.addingTimeInterval(3600),
            using: &random
        )
        var responder = NoiseResponder(staticKey: server, ephemeral: serverEphemeral, certificateChain: chain)
        let hello = NoiseInitiator(staticKey: device, ephemeral: deviceEphemeral, rootKey: root.publicKey).clientHello()
        if case .awaitingFinish(let answer) = try? responder.receive(clientHello: hello) {
            serverHello = answer
        } else {
            serverHello = []
        }
    }

    func initiator() -> NoiseInitiator {
        NoiseInitiator(staticKey: device, ephemeral: deviceEphemeral, rootKey: root.publicKey)
    }

    func responder() -> NoiseResponder {
        NoiseResponder(staticKey: server, ephemeral: serverEphemeral, certificateChain: chain)
    }
}
