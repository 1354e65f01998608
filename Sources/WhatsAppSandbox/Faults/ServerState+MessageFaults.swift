import NIOCore
import SignalProtocol
import WhatsAppWire

/// What the faults of message traffic need to remember.
struct MessageFaultMemory: Sendable {
    struct Stanza: Sendable {
        let address: DeviceAddress
        let id: String
        let node: BinaryNode
    }

    /// Of all devices together.
    static let recentLimit = 200

    /// The last messages that were delivered, for those who replay them.
    private(set) var recent = CircularBuffer<Stanza>(initialCapacity: 0)
    /// Messages that wait until another has overtaken them.
    var held: [DeviceAddress: Stanza] = [:]

    mutating func remember(_ stanza: Stanza) {
        recent.append(stanza)
        if recent.count > Self.recentLimit { recent.removeFirst() }
    }
}

extension ServerState {
    /// Delivers a message to a companion as the faults in force have it.
    mutating func deliverFaulty(_ original: BinaryNode, id: String, to address: DeviceAddress) {
        var node = original
        let (number, device) = (address.number, address.device)
        if faults.take(.corruptMessage, number: number, device: device) { node.corruptCiphertexts() }
        if messageFaults.held[address] == nil, faults.take(.reorderMessages, number: number, device: device) {
            messageFaults.held[address] = .init(address: address, id: id, node: node)
            add(.schedule(.heldMessage(address), after: settings.holdLimit))
            return
        }
        enqueue(node, id: id, to: address)
        if faults.take(.duplicateMessage, number: number, device: device), let connection = online[address] {
            send(node, to: connection)
        }
        releaseHeld(address)
    }

    /// The message that waited for another to overtake it.
    mutating func releaseHeld(_ address: DeviceAddress) {
        guard let held = messageFaults.held.removeValue(forKey: address) else { return }
        add(.cancel(.heldMessage(address)))
        enqueue(held.node, id: held.id, to: address)
    }

    /// Sends old messages once more to connected devices; how many.
    mutating func replayMessages(scope: FaultScope) -> Int {
        var count = 0
        for stanza in messageFaults.recent {
            let address = stanza.address
            guard scope.covers(number: address.number, device: address.device), let connection = online[address]
            else { continue }
            send(stanza.node, to: connection)
            count += 1
        }
        return count
    }

    /// The phone is set up anew: other keys, no sessions, no companions; whoever wrote with it is told.
    mutating func reinstall(_ number: String) throws(SandboxError) {
        guard phones[number] != nil else { throw .unknownPhone }
        try unlink(nil, of: number)
        let keys = Phone.Keys.generate(using: &random)
        phones[number]?.install(keys)
        let time = unixTime
        do {
            try phones[number]?.signKeyIndexes(timestamp: time, using: &random)
        } catch {
            throw .unknownPhone
        }
        add(.save)
        for correspondent in phones[number]?.correspondents ?? [] {
            for device in allDevices(of: correspondent) where device.device != 0 {
                let id = newStanzaID()
                let notice = BinaryNode(
                    "notification",
                    [
                        "from": .jid(JID(user: number, server: .user)), "type": "encrypt", "id": .text(id),
                        "t": .text(String(time)),
                    ],
                    children: [BinaryNode("identity")]
                )
                deliver(notice, id: id, to: device)
            }
        }
    }
}

extension BinaryNode {
    /// Flips a bit in the middle of every ciphertext.
    fileprivate mutating func corruptCiphertexts() {
        content = .nodes(
            children.map { child in
                guard child.tag == "enc", var bytes = child.bytes.map(Array.init), !bytes.isEmpty else { return child }
                bytes[bytes.count / 2] ^= 1
                return BinaryNode("enc", child.attributes, bytes: bytes)
            }
        )
    }
}
