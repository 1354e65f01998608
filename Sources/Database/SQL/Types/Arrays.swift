package import FoundationEssentials

/// Arrays of the types below are one-dimensional array parameters and columns, without nulls in them.
extension String: SQLArrayElement {
    package static var sqlArrayType: SQLType { .textArray }

    package static func sqlValue(ofArray elements: [String]) -> SQLValue {
        guard !elements.contains(where: { $0.utf8.contains(0) }) else {
            return SQLValue(type: .textArray, content: .unsendable)
        }
        return .binary(BinaryForm.array(of: elements.map { Array($0.utf8) }, elementType: .text), type: .textArray)
    }

    package static func array(from cell: SQLCell) throws(SQLCellError) -> [String] {
        try cell.require(.textArray, .varcharArray)
        return try cell.elements { element throws(SQLCellError) in try String(wireForm: element) }
    }
}

extension Int: SQLArrayElement {
    package static var sqlArrayType: SQLType { .int8Array }

    package static func sqlValue(ofArray elements: [Int]) -> SQLValue {
        .binary(BinaryForm.array(of: elements.map(BinaryForm.bytes(of:)), elementType: .int8), type: .int8Array)
    }

    package static func array(from cell: SQLCell) throws(SQLCellError) -> [Int] {
        try cell.require(.int8Array, .int4Array, .int2Array)
        return try cell.elements { element throws(SQLCellError) in
            var number = BinaryFormReader(element)
            switch cell.type {
            case .int8Array: return try number.integer(Int.self)
            case .int4Array: return Int(try number.integer(Int32.self))
            default: return Int(try number.integer(Int16.self))
            }
        }
    }
}

extension Date: SQLArrayElement {
    package static var sqlArrayType: SQLType { .timestamptzArray }

    package static func sqlValue(ofArray elements: [Date]) -> SQLValue {
        let counts = elements.compactMap(\.postgresMicroseconds)
        guard counts.count == elements.count else {
            return SQLValue(type: .timestamptzArray, content: .unsendable)
        }
        return .binary(
            BinaryForm.array(of: counts.map(BinaryForm.bytes(of:)), elementType: .timestamptz),
            type: .timestamptzArray
        )
    }

    package static func array(from cell: SQLCell) throws(SQLCellError) -> [Date] {
        try cell.require(.timestamptzArray)
        return try cell.elements { element throws(SQLCellError) in
            var count = BinaryFormReader(element)
            return try Date(postgresMicroseconds: try count.integer())
        }
    }
}

/// An array of bytes is one `bytea`, not an array of numbers.
extension UInt8: SQLArrayElement {
    package static var sqlArrayType: SQLType { .bytea }

    package static func sqlValue(ofArray elements: [UInt8]) -> SQLValue {
        .binary(elements, type: .bytea)
    }

    package static func array(from cell: SQLCell) throws(SQLCellError) -> [UInt8] {
        try cell.require(.bytea)
        return try cell.withBytes { bytes throws(SQLCellError) in Array(bytes) }
    }
}

extension SQLCell {
    fileprivate func elements<Element>(
        _ element: (UnsafeRawBufferPointer) throws(SQLCellError) -> Element
    ) throws(SQLCellError) -> [Element] {
        try withBytes { bytes throws(SQLCellError) in
            var reader = BinaryFormReader(bytes)
            return try reader.array(element)
        }
    }
}
