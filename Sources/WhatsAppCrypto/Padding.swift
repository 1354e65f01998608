/// The padding around every plaintext of the Signal layer (`enc v="2"`): n bytes of value n, from 1 to 16.
package enum Padding {
    /// The plaintext with one to fifteen bytes added.
    package static func add(to plaintext: [UInt8], using random: inout some RandomNumberGenerator) -> [UInt8] {
        let drawn = UInt8.random(in: 0...15, using: &random)
        let count = drawn == 0 ? 15 : drawn
        return plaintext + [UInt8](repeating: count, count: Int(count))
    }

    /// The plaintext without its padding; nil when there is none or it is not uniform.
    package static func remove(from padded: [UInt8]) -> ArraySlice<UInt8>? {
        guard let last = padded.last, (1...16).contains(last), padded.count >= Int(last),
            padded.suffix(Int(last)).allSatisfy({ $0 == last })
        else { return nil }
        return padded.dropLast(Int(last))
    }
}
