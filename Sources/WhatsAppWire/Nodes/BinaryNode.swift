/// A stanza or a part of one: a tag, attributes in order, and perhaps content.
package struct BinaryNode: Sendable, Equatable {
    package var tag: String
    package var attributes: Attributes
    package var content: Content

    /// What stands inside a node.
    package enum Content: Sendable, Equatable {
        case none
        case nodes([BinaryNode])
        /// Raw bytes, a slice of what was received.
        case bytes(ArraySlice<UInt8>)
        /// A token or a packed string.
        case text(String)
        case jid(JID)
    }

    /// What an attribute holds.
    package enum Value: Sendable, Equatable {
        case text(String)
        case jid(JID)

        package var text: String {
            switch self {
            case .text(let text): text
            case .jid(let jid): jid.description
            }
        }

        /// The JID, also when it came as text.
        package var jid: JID? {
            switch self {
            case .text(let text): JID(text)
            case .jid(let jid): jid
            }
        }
    }

    package init(_ tag: String, _ attributes: Attributes = [:], content: Content) {
        self.tag = tag
        self.attributes = attributes
        self.content = content
    }

    package init(_ tag: String, _ attributes: Attributes = [:]) {
        self.init(tag, attributes, content: .none)
    }

    package init(_ tag: String, _ attributes: Attributes = [:], children: [BinaryNode]) {
        self.init(tag, attributes, content: .nodes(children))
    }

    package init(_ tag: String, _ attributes: Attributes = [:], bytes: some Collection<UInt8>) {
        self.init(tag, attributes, content: .bytes(ArraySlice(bytes)))
    }

    /// Text is sent as raw bytes, which every reader takes.
    package init(_ tag: String, _ attributes: Attributes = [:], text: String) {
        self.init(tag, attributes, content: .bytes(ArraySlice(text.utf8)))
    }
}

extension BinaryNode {
    /// The nodes inside; none for any other content.
    package var children: [BinaryNode] {
        if case .nodes(let nodes) = content { nodes } else { [] }
    }

    /// The first child with that tag.
    package func child(_ tag: String) -> BinaryNode? {
        children.first { $0.tag == tag }
    }

    /// All children with that tag.
    package func children(_ tag: String) -> [BinaryNode] {
        children.filter { $0.tag == tag }
    }

    /// The content as bytes, whatever form it came in; nil when there is none or it is nodes.
    package var bytes: ArraySlice<UInt8>? {
        switch content {
        case .bytes(let bytes): bytes
        case .text(let text): ArraySlice(text.utf8)
        case .jid(let jid): ArraySlice(jid.description.utf8)
        case .none, .nodes: nil
        }
    }

    /// The content as text; nil when there is none, it is nodes, or not UTF-8.
    package var text: String? {
        switch content {
        case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
        case .text(let text): text
        case .jid(let jid): jid.description
        case .none, .nodes: nil
        }
    }
}

extension BinaryNode.Value: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) {
        self = .text(value)
    }
}
