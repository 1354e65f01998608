package import FoundationEssentials

/// An array parameter that is written element by element, for statements over many rows.
///
/// Unlike an array of values it may hold nulls, and no element becomes a value of its own on the way.
package struct SQLColumn<Element: SQLColumnElement>: Sendable {
    /// The header of a one-dimensional array, filled in at the end.
    private static var headerLength: Int { 20 }

    private var form = [UInt8](repeating: 0, count: 20)
    private var hasNulls = false
    private var isSendable = true
    package private(set) var count = 0

    package init() {}

    /// Makes room for what follows.
    package mutating func reserve(bytes: Int) {
        form.reserveCapacity(form.count + bytes)
    }

    package mutating func append(_ element: Element) {
        count += 1
        let start = form.count
        form.append(contentsOf: [0, 0, 0, 0])
        if !element.write(to: &form) { isSendable = false }
        guard let length = Int32(exactly: form.count - start - 4) else {
            isSendable = false
            return
        }
        patch(length, at: start)
    }

    package mutating func append(_ element: Element?) {
        guard let element else {
            count += 1
            hasNulls = true
            form.append(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF])
            return
        }
        append(element)
    }

    /// An element whose bytes come in parts.
    package mutating func append(_ write: (inout [UInt8]) -> Void) where Element == [UInt8] {
        count += 1
        let start = form.count
        form.append(contentsOf: [0, 0, 0, 0])
        // Not made room for one by one: that would copy everything for each element.
        write(&form)
        guard let length = Int32(exactly: form.count - start - 4) else {
            isSendable = false
            return
        }
        patch(length, at: start)
    }

    private mutating func patch(_ number: Int32, at place: Int) {
        form.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: number.bigEndian, toByteOffset: place, as: Int32.self)
        }
    }
}

extension SQLColumn: SQLEncodable {
    package static var sqlType: SQLType { Element.sqlColumnType }

    package var sqlValue: SQLValue {
        guard isSendable, let length = Int32(exactly: count) else {
            return SQLValue(type: Self.sqlType, content: .unsendable)
        }
        var whole = self
        whole.patch(count == 0 ? 0 : 1, at: 0)
        whole.patch(hasNulls ? 1 : 0, at: 4)
        whole.patch(Int32(bitPattern: Element.sqlElementType.oid), at: 8)
        whole.patch(length, at: 12)
        whole.patch(1, at: 16)
        return .binary(count == 0 ? Array(whole.form.prefix(12)) : whole.form, type: Self.sqlType)
    }
}

/// A value that may stand in an ``SQLColumn``.
package protocol SQLColumnElement: Sendable {
    static var sqlElementType: SQLType { get }
    static var sqlColumnType: SQLType { get }

    /// Appends the binary form; false when PostgreSQL cannot hold the value.
    func write(to form: inout [UInt8]) -> Bool
}

extension FixedWidthInteger {
    fileprivate func append(to form: inout [UInt8]) -> Bool {
        withUnsafeBytes(of: bigEndian) { form.append(contentsOf: $0) }
        return true
    }
}

extension Int16: SQLColumnElement {
    package static var sqlElementType: SQLType { .int2 }
    package static var sqlColumnType: SQLType { .int2Array }
    package func write(to form: inout [UInt8]) -> Bool { append(to: &form) }
}

extension Int32: SQLColumnElement {
    package static var sqlElementType: SQLType { .int4 }
    package static var sqlColumnType: SQLType { .int4Array }
    package func write(to form: inout [UInt8]) -> Bool { append(to: &form) }
}

extension Int64: SQLColumnElement {
    package static var sqlElementType: SQLType { .int8 }
    package static var sqlColumnType: SQLType { .int8Array }
    package func write(to form: inout [UInt8]) -> Bool { append(to: &form) }
}

extension Bool: SQLColumnElement {
    package static var sqlElementType: SQLType { .bool }
    package static var sqlColumnType: SQLType { .boolArray }

    package func write(to form: inout [UInt8]) -> Bool {
        form.append(self ? 1 : 0)
        return true
    }
}

extension String: SQLColumnElement {
    package static var sqlElementType: SQLType { .text }
    package static var sqlColumnType: SQLType { .textArray }

    package func write(to form: inout [UInt8]) -> Bool {
        let start = form.count
        form.append(contentsOf: utf8)
        return !form[start...].contains(0)
    }
}

extension [UInt8]: SQLColumnElement {
    package static var sqlElementType: SQLType { .bytea }
    package static var sqlColumnType: SQLType { .byteaArray }

    package func write(to form: inout [UInt8]) -> Bool {
        form.append(contentsOf: self)
        return true
    }
}

extension UUID: SQLColumnElement {
    package static var sqlElementType: SQLType { .uuid }
    package static var sqlColumnType: SQLType { .uuidArray }

    package func write(to form: inout [UInt8]) -> Bool {
        withUnsafeBytes(of: uuid) { form.append(contentsOf: $0) }
        return true
    }
}

extension Date: SQLColumnElement {
    package static var sqlElementType: SQLType { .timestamptz }
    package static var sqlColumnType: SQLType { .timestamptzArray }

    package func write(to form: inout [UInt8]) -> Bool {
        guard let count = postgresMicroseconds else { return false }
        return count.append(to: &form)
    }
}
