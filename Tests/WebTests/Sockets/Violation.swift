import Testing

/// Frames that RFC 6455 or our own limits forbid, and the code with which they are answered.
struct Violation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let code: Int

    private init(_ name: String, _ code: Int, _ bytes: [UInt8]) {
        testDescription = name
        self.bytes = bytes
        self.code = code
    }

    static let all: [Violation] = [
        Violation("unmasked", 1002, BrowserClient.frame(opcode: 1, Array("{}".utf8), isMasked: false)),
        Violation("reservedBit", 1002, BrowserClient.frame(opcode: 1, Array("{}".utf8), reserved: 0x40)),
        Violation("unknownOpcode", 1002, BrowserClient.frame(opcode: 3, [])),
        Violation("unknownControl", 1002, BrowserClient.frame(opcode: 11, [])),
        Violation("continuationOfNothing", 1002, BrowserClient.frame(opcode: 0, Array("x".utf8))),
        Violation(
            "newMessageWithinAnother",
            1002,
            BrowserClient.frame(opcode: 1, [], isFinal: false) + BrowserClient.frame(opcode: 1, [])
        ),
        Violation("fragmentedPing", 1002, BrowserClient.frame(opcode: 9, [], isFinal: false)),
        Violation("longPing", 1002, BrowserClient.frame(opcode: 9, [UInt8](repeating: 0, count: 126))),
        Violation("closeOfOneByte", 1002, BrowserClient.frame(opcode: 8, [3])),
        Violation("closeWithReservedCode", 1002, BrowserClient.frame(opcode: 8, [3, 0xee])),
        Violation("closeWithBrokenReason", 1007, BrowserClient.frame(opcode: 8, [3, 0xe8, 0xff])),
        Violation("binary", 1003, BrowserClient.frame(opcode: 2, [1, 2, 3])),
        Violation("brokenText", 1007, BrowserClient.frame(opcode: 1, [0xff, 0xfe])),
        Violation("tooLong", 1009, BrowserClient.frame(opcode: 1, [UInt8](repeating: 0x20, count: 16 * 1024 + 1))),
        Violation("hugeLength", 1009, [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]),
        Violation("negativeLength", 1009, [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]),
    ]
}
