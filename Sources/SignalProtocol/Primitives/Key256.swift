/// Thirty-two bytes that lie where they are used, so that ratchets turn without allocating.
struct Key256: Sendable, Equatable {
    /// The bytes in their order, eight to a word.
    private(set) var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    static let count = 32

    init() {}

    init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// Nil for another length.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.count else { return nil }
        withMutableBytes { $0.copyBytes(from: bytes) }
    }

    init(random: inout some RandomNumberGenerator) {
        words = (random.next(), random.next(), random.next(), random.next())
    }

    init(_ secret: SecretBytes) {
        secret.withBytes { source in
            withMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: source.prefix(Self.count))) }
        }
    }

    var bytes: [UInt8] { withBytes { Array($0) } }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: words, body)
    }

    mutating func withMutableBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result {
        withUnsafeMutableBytes(of: &words, body)
    }

    /// The bytes as C takes them.
    func withPointer<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        withUnsafePointer(to: words) { $0.withMemoryRebound(to: UInt8.self, capacity: Self.count, body) }
    }

    mutating func withMutablePointer<Result>(_ body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result {
        withUnsafeMutablePointer(to: &words) { $0.withMemoryRebound(to: UInt8.self, capacity: Self.count, body) }
    }

    static func == (left: Key256, right: Key256) -> Bool {
        // Without an early way out, since some of these are secret.
        (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1) | (left.words.2 ^ right.words.2)
            | (left.words.3 ^ right.words.3) == 0
    }
}

extension Key256: CustomStringConvertible, CustomReflectable {
    var description: String { "Key256" }
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension Array where Element == UInt8 {
    mutating func append(_ key: Key256) {
        key.withBytes { append(contentsOf: $0) }
    }
}
