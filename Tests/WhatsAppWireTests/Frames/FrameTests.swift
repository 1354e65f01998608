import Testing
import WhatsAppWire

@Suite struct FrameTests {
    @Test func lengthIsInFrontInThreeBytes() throws {
        #expect(try Frame.encode([1, 2, 3]) == [0, 0, 3, 1, 2, 3])
        #expect(try Frame.encode([]) == [0, 0, 0])
        let long = [UInt8](repeating: 7, count: 0x012345)
        #expect(try Frame.encode(long).prefix(4) == [0x01, 0x23, 0x45, 7])
    }

    @Test func greatestFrameFitsAndOneMoreDoesNot() throws {
        let greatest = [UInt8](repeating: 0, count: 1 << 24 - 1)
        let frame = try Frame.encode(greatest)
        #expect(frame.prefix(3) == [0xff, 0xff, 0xff])
        #expect(try payloads(of: frame, role: .client) == [greatest])
        #expect(throws: FrameError.tooLong(1 << 24, limit: 1 << 24 - 1)) { try Frame.encode(greatest + [0]) }
    }

    @Test func severalFramesInOneMessageComeInOrder() throws {
        let bytes = try Frame.encode([1]) + Frame.encode([]) + Frame.encode([2, 2])
        #expect(try payloads(of: bytes, role: .client) == [[1], [], [2, 2]])
    }

    @Test func openingWithRoutingInfoIsRead() throws {
        let info: [UInt8] = [8, 1, 16, 2, 24, 3]
        var decoder = FrameDecoder(role: .server)
        decoder.append(try Frame.opening([9, 9], routingInfo: info))
        #expect(try decoder.next() == [9, 9])
        #expect(decoder.routingInfo == info)
        #expect(try decoder.next() == nil)
        #expect(decoder.bufferedCount == 0)
    }

    @Test func openingWithoutRoutingInfoHasNone() throws {
        var decoder = FrameDecoder(role: .server)
        decoder.append(try Frame.opening([9, 9], routingInfo: nil))
        #expect(try decoder.next() == [9, 9])
        #expect(decoder.routingInfo == nil)
    }
}
