/// The parameters of one statement as libpq wants them: parallel arrays of types, pointers, lengths and formats.
struct ParameterBlock {
    let count: Int32
    let types: [UInt32]
    let lengths: [Int32]
    let formats: [Int32]
    /// Where each value starts in `storage`; nil for a null.
    private let offsets: [Int?]
    /// All values in a row, each followed by a zero, which ends a text and harms nothing else.
    private let storage: [UInt8]

    init(_ values: [SQLValue]) throws(DatabaseError) {
        guard let count = Int32(exactly: values.count), count <= UInt16.max else {
            throw .unsendableParameter(position: values.count)
        }
        var lengths: [Int32] = []
        var formats: [Int32] = []
        var offsets: [Int?] = []
        var storage: [UInt8] = []
        for (index, value) in values.enumerated() {
            let start = storage.count
            switch value.content {
            case .null:
                offsets.append(nil)
            case .text(let text):
                offsets.append(start)
                storage.append(contentsOf: text.utf8)
            case .binary(let bytes):
                offsets.append(start)
                storage.append(contentsOf: bytes)
            case .unsendable:
                throw .unsendableParameter(position: index + 1)
            }
            guard let length = Int32(exactly: storage.count - start) else {
                throw .unsendableParameter(position: index + 1)
            }
            lengths.append(length)
            if case .binary = value.content { formats.append(1) } else { formats.append(0) }
            storage.append(0)
        }
        self.count = count
        self.types = values.map(\.type.oid)
        self.lengths = lengths
        self.formats = formats
        self.offsets = offsets
        self.storage = storage
    }

    /// Lends the pointers for the time of the call; libpq copies what they point at.
    func withPointers<R>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R) -> R {
        storage.withUnsafeBytes { bytes in
            let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = offsets.map { offset in offset.flatMap { offset in base.map { $0 + offset } } }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
