/// PostgreSQL's binary wire forms: integers in network order, everything else built of them.
enum BinaryForm {
    static func bytes<Number: FixedWidthInteger>(of value: Number) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// A one-dimensional array: dimensions, "has nulls", element type, length, lower bound, then the elements with their lengths.
    static func array(of elements: [[UInt8]], elementType: SQLType) -> [UInt8] {
        var form: [UInt8] = []
        form.append(contentsOf: bytes(of: Int32(elements.isEmpty ? 0 : 1)))
        form.append(contentsOf: bytes(of: Int32(0)))
        form.append(contentsOf: bytes(of: elementType.oid))
        guard !elements.isEmpty else { return form }
        form.append(contentsOf: bytes(of: Int32(clamping: elements.count)))
        form.append(contentsOf: bytes(of: Int32(1)))
        for element in elements {
            form.append(contentsOf: bytes(of: Int32(clamping: element.count)))
            form.append(contentsOf: element)
        }
        return form
    }
}

/// Reads binary forms from the front, checking every length.
struct BinaryFormReader {
    private var rest: Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(SQLCellError) -> Number {
        let width = Number.bitWidth / 8
        guard rest.count >= width else { throw .invalidValue }
        var value: Number = 0
        withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: rest.prefix(width)) }
        rest = rest.dropFirst(width)
        return Number(bigEndian: value)
    }

    mutating func bytes(count: Int) throws(SQLCellError) -> UnsafeRawBufferPointer {
        guard count >= 0, rest.count >= count else { throw .invalidValue }
        defer { rest = rest.dropFirst(count) }
        return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
    }

    /// Reads a whole array of at most one dimension and without nulls.
    mutating func array<Element>(
        _ element: (UnsafeRawBufferPointer) throws(SQLCellError) -> Element
    ) throws(SQLCellError) -> [Element] {
        let dimensions = try integer(Int32.self)
        _ = try integer(Int32.self)
        _ = try integer(UInt32.self)
        guard dimensions != 0 else { return [] }
        guard dimensions == 1 else { throw .invalidValue }
        let count = try integer(Int32.self)
        _ = try integer(Int32.self)
        guard count >= 0 else { throw .invalidValue }
        var elements: [Element] = []
        for _ in 0..<count {
            let length = try integer(Int32.self)
            elements.append(try element(try bytes(count: Int(length))))
        }
        return elements
    }
}
