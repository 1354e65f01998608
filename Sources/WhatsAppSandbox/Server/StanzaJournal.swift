import Foundation
import WhatsAppWire

/// The last stanzas that went through the server: tags and attributes, never content.
struct StanzaJournal: Sendable {
    enum Direction: String, Sendable, Encodable {
        case received
        case sent
    }

    struct Entry: Sendable, Encodable {
        let at: Date
        let connection: UInt64
        let direction: Direction
        /// For example `<iq id="7" type="set"><pair-device-sign><device-identity key-index="1"/></pair-device-sign></iq>`.
        let stanza: String
    }

    static let capacity = 500
    private static let longest = 2_000

    private(set) var entries: [Entry] = []
    /// Off when there is more traffic than anybody reads.
    var isOn = true

    mutating func record(_ node: BinaryNode, direction: Direction, connection: ConnectionID, at time: Date) {
        guard isOn else { return }
        // Half at once, so that a full journal does not move everything for every stanza.
        if entries.count >= Self.capacity * 2 { entries.removeFirst(Self.capacity) }
        var outline = ""
        Self.write(node, to: &outline)
        entries.append(
            Entry(at: time, connection: connection.rawValue, direction: direction, stanza: outline)
        )
    }

    var latest: [Entry] { entries.suffix(Self.capacity) }

    private static func write(_ node: BinaryNode, to text: inout String) {
        guard text.utf8.count < longest else { return }
        text += "<\(node.tag)"
        for attribute in node.attributes { text += " \(attribute.key)=\"\(attribute.value.text.prefix(200))\"" }
        switch node.content {
        case .none: text += "/>"
        case .nodes(let children):
            text += ">"
            for child in children {
                guard text.utf8.count < longest else {
                    text += "…"
                    break
                }
                write(child, to: &text)
            }
            text += "</\(node.tag)>"
        case .bytes(let bytes): text += ">\(bytes.count) bytes</\(node.tag)>"
        case .text(let content): text += ">\(content.utf8.count) bytes</\(node.tag)>"
        case .jid: text += ">JID</\(node.tag)>"
        }
    }
}
