/// One parameter of a statement, in the form in which it goes to the server.
///
/// It never shows its content: parameters are personal data or worse.
package struct SQLValue: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        case null
        /// The text form, which the server parses as the type it expects.
        case text(String)
        /// The type's binary wire form.
        case binary([UInt8])
        /// Something that PostgreSQL cannot hold, such as a text with a NUL; sending it is an error.
        case unsendable
    }

    let type: SQLType
    let content: Content

    static func null(_ type: SQLType) -> SQLValue {
        SQLValue(type: type, content: .null)
    }

    /// Text, which in PostgreSQL may hold any character but NUL.
    static func text(_ text: String, type: SQLType) -> SQLValue {
        SQLValue(type: type, content: text.utf8.contains(0) ? .unsendable : .text(text))
    }

    static func binary(_ bytes: [UInt8], type: SQLType) -> SQLValue {
        SQLValue(type: type, content: .binary(bytes))
    }

    static func integer(_ value: some FixedWidthInteger, type: SQLType) -> SQLValue {
        .binary(BinaryForm.bytes(of: value), type: type)
    }
}

extension SQLValue: CustomStringConvertible, CustomReflectable {
    package var description: String { "SQLValue" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
