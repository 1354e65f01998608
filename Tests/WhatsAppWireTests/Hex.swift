/// Bytes written in hexadecimal.
struct Hex: Decodable, Sendable, ExpressibleByStringLiteral {
    let bytes: [UInt8]

    init(_ text: String) {
        let digits = Array(text.utf8)
        bytes = stride(from: 0, to: digits.count - 1, by: 2)
            .compactMap { UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) }
    }

    init(stringLiteral value: String) {
        self.init(value)
    }

    init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }
}

extension Sequence<UInt8> {
    var hex: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }
        .joined()
    }
}
