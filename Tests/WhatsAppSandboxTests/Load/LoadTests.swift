import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

/// Traffic of the sandbox's own making.
struct LoadTests {
    @Test func orderIsRead() throws {
        let order = try LoadOrder(parsing: "phones=50,rate=20,link=10,seconds=5,length=100")
        #expect(order == LoadOrder(phones: 50, rate: 20, seconds: 5, sessions: 10, length: 100))
        #expect(try LoadOrder(parsing: "phones=7").sessions == 7)
        for bad in ["phones", "phones=0", "phones=x", "cats=1", "rate=-1", "rate=99999999999999999999"] {
            #expect(throws: SandboxError.self) { try LoadOrder(parsing: bad) }
        }
    }

    @Test func textIsEncodedAsTheMessageOfTheSchema() throws {
        for length in [0, 1, 127, 128, 300, 16_383, 16_384, 70_000] {
            let text = String(repeating: "ä", count: length / 2) + String(repeating: "x", count: length % 2)
            let expected: [UInt8] = try WAMessage.text(text).serializedBytes()
            #expect(ServerState.plain(text) == expected)
        }
    }

    @Test func percentilesAreCloseToTheTruth() {
        var histogram = LatencyHistogram()
        for value in 1...10_000 { histogram.record(UInt64(value) * 10) }
        for (share, truth) in [(0.5, 50_000.0), (0.95, 95_000), (0.99, 99_000)] {
            let found = Double(histogram.percentile(share))
            #expect(abs(found - truth) / truth < 0.04, "\(share): \(found)")
        }
        #expect(histogram.percentile(1) == 100_000)
        #expect(LatencyHistogram().percentile(0.5) == 0)
        histogram.record(.max)
        #expect(histogram.longest == .max)
    }

    @Test func echoesAreMatchedAndTheirFateCounted() {
        var traffic = LoadTraffic(order: LoadOrder(phones: 1, rate: 1, sessions: 1))
        let first = traffic.next(at: 1_000)
        let second = traffic.next(at: 2_000)
        let third = traffic.next(at: 3_000)
        let receipts = [(first.id, 1_500), (first.id, 1_600), ("3EB0", 1_600)].map { id, time in
            traffic.acknowledged(id, isRetry: false, at: UInt64(time))
        }
        #expect(receipts == [true, true, false])
        let echo = "echo:" + second.text
        let taken = [("echo:" + first.text, false), (echo, true), (echo, false), (echo, false), ("hello", false)]
            .map { text, isOwn in traffic.took(text, isOwn: isOwn, at: 5_000) }
        #expect(taken == [true, true, true, true, false])
        traffic.forget(at: 3_000 + LoadTraffic.patience + 1)
        #expect(traffic.text(id: third.id) == third.text)
        let counts = traffic.counts
        #expect([counts.sent, counts.acknowledged, counts.echoed, counts.doubled, counts.lost] == [3, 1, 2, 1, 1])
        #expect(traffic.waiting == 0)
        #expect(traffic.echoes.longest == 4_000)
    }

    @Test func preparedDevicesLogInAndGetTheirMessages() throws {
        var harness = ServerHarness()
        let order = LoadOrder(phones: 4, rate: 1, sessions: 2)
        let devices = try harness.perform { state in
            let devices = try state.prepare(order)
            state.load = LoadTraffic(order: order)
            return devices
        }
        #expect(devices.count == 2)
        let companions = try devices.map { try TestCompanion(prepared: $0) }
        let ids = try zip(devices, companions).map { device, companion in
            try harness.logIn(companion, device: UInt32(device.device), number: device.number)
        }
        #expect(harness.state.connectedSessions == 2)
        for id in ids {
            #expect(harness.take(id).first?.tag == "success")
        }
        harness.perform { $0.sendLoad(8) }
        for id in ids {
            let messages = harness.take(id).filter { $0.tag == "message" }
            #expect(messages.count == 4)
            #expect(messages.allSatisfy { $0.child("enc")?.attributes["type"] == "pkmsg" })
        }
        #expect(harness.state.load?.counts.sent == 8)
        #expect(harness.state.load?.counts.errors == 0)
    }
}

extension TestCompanion {
    init(prepared device: PreparedDevice) throws {
        self.init(
            noise: try Curve25519KeyPair(privateKey: device.noiseKey),
            identity: try Curve25519KeyPair(privateKey: device.identityKey),
            signedPreKey: SignedPreKey(
                id: device.signedPreKeyID,
                keyPair: try Curve25519KeyPair(privateKey: device.signedPreKey),
                signature: device.signedPreKeySignature
            ),
            registrationID: device.registrationID,
            advSecret: device.advSecret
        )
    }
}
