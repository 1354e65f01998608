/// The bytes of a hexadecimal text; anything else in it is a mistake of the test.
func hex(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Substring(text.filter { !$0.isWhitespace })
    while !rest.isEmpty {
        guard let byte = UInt8(rest.prefix(2), radix: 16) else { fatalError("no hexadecimal text: \(text)") }
        bytes.append(byte)
        rest = rest.dropFirst(2)
    }
    return bytes
}
