import Testing
import WhatsAppWire

@Suite struct FrameBadInputTests {
    private static let stream: [UInt8] = {
        let opening = (try? Frame.opening([1, 2, 3, 4, 5], routingInfo: [7, 7, 7])) ?? []
        let second = (try? Frame.encode([])) ?? []
        let third = (try? Frame.encode([6, 7])) ?? []
        return opening + second + third
    }()

    @Test(arguments: 0...stream.count) func splittingAnywhereChangesNothing(position: Int) throws {
        var decoder = FrameDecoder(role: .server)
        var read: [[UInt8]] = []
        for part in [Self.stream[..<position], Self.stream[position...]] {
            decoder.append(part)
            while let payload = try decoder.next() { read.append(payload) }
        }
        #expect(read == [[1, 2, 3, 4, 5], [], [6, 7]])
        #expect(decoder.routingInfo == [7, 7, 7])
    }

    @Test func byteAfterByteGivesTheSameFrames() throws {
        var decoder = FrameDecoder(role: .server)
        var read: [[UInt8]] = []
        for byte in Self.stream {
            decoder.append([byte])
            while let payload = try decoder.next() { read.append(payload) }
        }
        #expect(read == [[1, 2, 3, 4, 5], [], [6, 7]])
    }

    @Test func manyFramesSplitAtRandomComeOutWhole() throws {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            let sent = (0..<200).map { _ in random.bytes(random.number(0...2000)) }
            var bytes = try sent.flatMap { try Frame.encode($0) }[...]
            var decoder = FrameDecoder(role: .client)
            var read: [[UInt8]] = []
            while !bytes.isEmpty {
                let count = min(random.number(1...5000), bytes.count)
                decoder.append(bytes.prefix(count))
                bytes = bytes.dropFirst(count)
                while let payload = try decoder.next() { read.append(payload) }
            }
            #expect(read == sent, "seed \(seed)")
            #expect(decoder.bufferedCount == 0)
        }
    }

    @Test func longFrameIsRefusedBeforeItsBytesCome() {
        var decoder = FrameDecoder(role: .client, maximumLength: 100)
        decoder.append([0, 0, 101])
        #expect(throws: FrameError.tooLong(101, limit: 100)) { try decoder.next() }
        // The stream stays ended, and nothing is collected any more.
        decoder.append([0, 0, 1, 1])
        #expect(throws: FrameError.tooLong(101, limit: 100)) { try decoder.next() }
        #expect(decoder.bufferedCount == 0)
    }

    @Test func frameOfExactlyTheLimitIsTaken() throws {
        var decoder = FrameDecoder(role: .client, maximumLength: 2)
        decoder.append([0, 0, 2, 8, 9])
        #expect(try decoder.next() == [8, 9])
    }

    @Test(
        arguments: [
            "00", "5742", "57410602", "57410503", "4544000200000057410603", "454500", "574106ff", "474554202f",
            // Routing information twice.
            "4544000100000045440001",
        ] as [Hex]
    )
    func streamMustBeginWithThePrologue(start: Hex) {
        var decoder = FrameDecoder(role: .server)
        decoder.append(start.bytes)
        #expect(throws: FrameError.badPrologue) { try decoder.next() }
    }

    @Test func longRoutingInfoIsRefused() {
        var decoder = FrameDecoder(role: .server)
        decoder.append([0x45, 0x44, 0, 1, 0x00, 0x04, 0x01])
        #expect(throws: FrameError.tooLong(1025, limit: 1024)) { try decoder.next() }
    }

    @Test func emptyRoutingInfoIsTaken() throws {
        var decoder = FrameDecoder(role: .server)
        decoder.append(Hex("4544000100000057410603000001ff").bytes)
        #expect(try decoder.next() == [0xff])
        #expect(decoder.routingInfo == [])
    }

    @Test func unfinishedStartsAskForMore() throws {
        let opening = try Frame.opening([1], routingInfo: [5])
        for count in 0..<opening.count {
            var decoder = FrameDecoder(role: .server)
            decoder.append(opening.prefix(count))
            #expect(try decoder.next() == nil, "after \(count) bytes")
        }
    }

    @Test func anyBytesAreFramesOrAnError() {
        for seed in UInt64(1)...2000 {
            var random = SeededGenerator(seed: seed)
            var decoder = FrameDecoder(role: random.pick([.client, .server]), maximumLength: 4096)
            var total = 0
            do {
                for _ in 0..<8 {
                    let bytes = random.bytes(random.number(0...64))
                    total += bytes.count
                    decoder.append(bytes)
                    while let payload = try decoder.next() { total -= payload.count + 3 }
                }
                #expect(decoder.bufferedCount <= max(total, 0), "seed \(seed)")
            } catch {
                #expect(decoder.bufferedCount == 0, "seed \(seed)")
            }
        }
    }
}
