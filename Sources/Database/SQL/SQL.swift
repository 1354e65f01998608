/// A statement written as a literal, whose interpolated values are parameters.
///
/// ```swift
/// let statement: SQL = "SELECT name FROM bots WHERE id = \(id) AND active = \(true)"
/// ```
///
/// The text holds `$1`, `$2`, … and the values travel beside it, so a value can never become syntax. The text can only come
/// from a literal in the source: the literal type is `StaticString`, and there is no initialiser from `String`.
/// Another `SQL` may be interpolated; its parameters are numbered anew. That is how an enum picks an order or a column.
package struct SQL: Sendable, Equatable {
    fileprivate enum Piece: Sendable {
        case literal(StaticString)
        case parameter(SQLValue)
        case name(DatabaseName)
    }

    /// The text with `$n` in the places of the parameters.
    let text: String
    let parameters: [SQLValue]
    private let pieces: [Piece]

    private init(_ pieces: [Piece]) {
        var text = ""
        var parameters: [SQLValue] = []
        for piece in pieces {
            switch piece {
            case .literal(let literal):
                text += literal.description
            case .parameter(let value):
                parameters.append(value)
                text += "$\(parameters.count)"
            case .name(let name):
                text += "\"\(name.text)\""
            }
        }
        self.text = text
        self.parameters = parameters
        self.pieces = pieces
    }

    package static func == (left: SQL, right: SQL) -> Bool {
        left.text == right.text && left.parameters == right.parameters
    }
}

extension SQL: ExpressibleByStringInterpolation {
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate private(set) var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            pieces.append(.literal(literal))
        }

        package mutating func appendInterpolation<Value: SQLEncodable>(_ value: Value) {
            pieces.append(.parameter(value.sqlValue))
        }

        package mutating func appendInterpolation<Value: SQLEncodable>(_ value: Value?) {
            pieces.append(.parameter(value?.sqlValue ?? .null(Value.sqlType)))
        }

        /// A name, which cannot be a parameter; it holds nothing but letters, digits and underscores.
        package mutating func appendInterpolation(_ name: DatabaseName) {
            pieces.append(.name(name))
        }

        package mutating func appendInterpolation(_ fragment: SQL) {
            pieces.append(contentsOf: fragment.pieces)
        }
    }

    package init(stringLiteral literal: StaticString) {
        self.init([.literal(literal)])
    }

    package init(stringInterpolation: StringInterpolation) {
        self.init(stringInterpolation.pieces)
    }
}

/// Shows the text with its placeholders, never a value.
extension SQL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { text }
    package var debugDescription: String { text }
    package var customMirror: Mirror { Mirror(self, children: ["text": text]) }
}
