import Foundation
import SignalProtocol
import WhatsAppWire

/// The whole service without its sockets: phones, devices, connections and what they wait for.
///
/// Every call takes the time and leaves its consequences in ``effects``, which the caller takes and carries out in order.
struct ServerState: Sendable {
    var settings: ServerSettings
    var now: Date
    var random = SystemRandomNumberGenerator()
    private(set) var effects: [Effect] = []
    /// What the phones have not looked at yet, in order.
    private var phoneInbox: [(number: String, node: BinaryNode)] = []

    /// By number.
    var phones: [String: Phone] = [:]
    /// Number by LID.
    var numbers: [String: String] = [:]
    var connections: [ConnectionID: Connection] = [:]
    var online: [DeviceAddress: ConnectionID] = [:]
    /// The connection that shows a reference.
    var references: [String: ConnectionID] = [:]
    /// By number.
    var offers: [String: CodeOffer] = [:]
    var groups = GroupBook()
    var faults = FaultBoard()
    var journal = StanzaJournal()
    var tap: MessageTap?
    var blobs = BlobStore()
    var retries = RetryCounts()
    var messageFaults = MessageFaultMemory()
    /// What the sandbox's own traffic has come to, when it makes any.
    var load: LoadTraffic?
    var peerMessages = PeerMessages()
    var accounts = AccountDirectory()
    var channels = ChannelBoard()
    var media = MediaLedger()
    var tokens = TokenBook()
    private var counters = Counters()

    private struct Counters {
        var connection: UInt64 = 0
        var operation: UInt64 = 0
        var stanza: UInt64 = 0
    }

    init(settings: ServerSettings, now: Date) {
        self.settings = settings
        self.now = now
    }

    /// What is to be done, once.
    mutating func takeEffects() -> [Effect] {
        var taken: [Effect] = []
        takeEffects(into: &taken)
        return taken
    }

    /// Puts what is to be done, once, in place of what is there, whose room is used again.
    mutating func takeEffects(into taken: inout [Effect]) {
        settle()
        taken.removeAll(keepingCapacity: true)
        swap(&taken, &effects)
    }

    mutating func add(_ effect: Effect) {
        // The sandbox's own traffic changes something with every stanza, and none of it is worth keeping.
        if case .save = effect, load != nil { return }
        effects.append(effect)
    }

    /// Lets the phones look at what has come for them, and at what comes of that.
    private mutating func settle() {
        while !phoneInbox.isEmpty {
            let inbox = phoneInbox
            phoneInbox = []
            for (number, node) in inbox { phoneReceives(node, at: number) }
        }
    }

    var unixTime: UInt64 { UInt64(max(0, now.timeIntervalSince1970)) }

    mutating func newOperation() -> OperationID {
        counters.operation += 1
        return OperationID(rawValue: counters.operation)
    }

    /// An identifier for a stanza of the server's own.
    mutating func newStanzaID() -> String {
        counters.stanza += 1
        return String(unixTime % 1_000_000) + "-" + String(counters.stanza)
    }

    // MARK: Connections

    mutating func open(host: String? = nil) -> ConnectionID {
        counters.connection += 1
        let id = ConnectionID(rawValue: counters.connection)
        connections[id] = Connection(id: id, openedAt: now, host: host)
        return id
    }

    /// The socket is gone.
    mutating func closed(_ id: ConnectionID) {
        leave(id)
        connections[id] = nil
    }

    /// Tells a connection to go, and forgets what it waited for.
    mutating func end(_ id: ConnectionID) {
        guard let connection = connections[id], !connection.isEnded else { return }
        leave(id)
        connections[id]?.phase = .ended
        add(.close(id))
    }

    /// Cuts a connection off, as when a network fails.
    mutating func cut(_ id: ConnectionID) {
        guard let connection = connections[id], !connection.isEnded else { return }
        leave(id)
        connections[id]?.phase = .ended
        add(.cut(id))
    }

    private mutating func leave(_ id: ConnectionID) {
        switch connections[id]?.phase {
        case .unregistered(let registration):
            for reference in registration.references { references[reference] = nil }
            offers = offers.filter { $0.value.connection != id }
            add(.cancel(.references(id)))
            if registration.linking != nil { failLinking(on: id, with: .companionGone) }
        case .linked(let address):
            goesOffline(id, address)
            forgetWatcher(id)
            if online[address] == id { online[address] = nil }
            phones[address.number]?.devices[address.device]?.outbox.rewind()
            phones[address.number]?.devices[address.device]?.lastSeen = now
            add(.save)
        case .handshake, .ended, nil: break
        }
    }

    // MARK: Stanzas

    mutating func send(_ node: BinaryNode, to id: ConnectionID) {
        guard let connection = connections[id], !connection.isEnded else { return }
        journal.record(node, direction: .sent, connection: id, at: now)
        add(.send(node, to: id, shaping(of: id)))
    }

    /// One stanza of a client.
    mutating func receive(_ node: BinaryNode, on id: ConnectionID) {
        guard let connection = connections[id], !connection.isEnded else { return }
        journal.record(node, direction: .received, connection: id, at: now)
        tap?.take(node)
        switch node.tag {
        case "iq":
            switch node.attributes.text("type") {
            case "get", "set": request(node, on: id)
            case "result", "error": answer(node, on: id)
            default: add(.note(.malformed("iq without a known type"), id))
            }
        case "ack": confirmed(by: node, on: id)
        case "message": message(node, on: id)
        case "receipt": receipt(node, on: id)
        case "call", "notification":
            if let stanza = node.attributes["id"] { acknowledge(node, id: stanza, type: nil, on: id) }
            if node.tag == "call", let address = connections[id]?.device { callStanza(node, from: address) }
        case "presence": presence(node, on: id)
        case "chatstate":
            if let sender = connections[id]?.device { chatState(node, from: sender) }
        case "xmlstreamend": end(id)
        default: break
        }
    }

    /// A device has confirmed a stanza of the server's.
    private mutating func confirmed(by ack: BinaryNode, on id: ConnectionID) {
        guard
            let address = connections[id]?.device,
            let stanza = ack.attributes.text("id"), let tag = ack.attributes.text("class")
        else { return }
        let type = tag == "receipt" ? ack.attributes.text("type") : nil
        change(address) { _ = $0.outbox.confirm(stanza, tag: tag, type: type) }
        add(.save)
    }

    /// A name without a type is the account's new push name.
    private mutating func presence(_ node: BinaryNode, on id: ConnectionID) {
        guard let address = connections[id]?.device else { return }
        accountPresence(node, from: address, on: id)
        guard
            node.attributes["type"] == nil,
            let name = node.attributes.text("name"),
            !name.isEmpty, name.utf8.count <= 100
        else { return }
        phones[address.number]?.name = name
        add(.save)
    }

    /// Sends a stanza that must not get lost: at once when the device is there, else when it logs in.
    ///
    /// Device 0, the phone, is always there.
    mutating func deliver(_ node: BinaryNode, id stanza: String, to address: DeviceAddress) {
        guard address.device != 0 else {
            phoneInbox.append((address.number, node))
            return
        }
        guard node.tag == "message", load == nil else { return enqueue(node, id: stanza, to: address) }
        messageFaults.remember(.init(address: address, id: stanza, node: node))
        guard !faults.active.isEmpty || messageFaults.held[address] != nil else {
            return enqueue(node, id: stanza, to: address)
        }
        deliverFaulty(node, id: stanza, to: address)
    }

    /// Sends a stanza to a companion, or keeps it until it is there.
    mutating func enqueue(_ node: BinaryNode, id stanza: String, to address: DeviceAddress) {
        let connection = online[address]
        guard change(address, { $0.outbox.add(node, id: stanza, sent: connection != nil) }) != nil else { return }
        if let connection { send(node, to: connection) }
        add(.save)
    }

    // MARK: Look-ups

    /// The phone that a JID means, by number or by LID.
    func phone(of jid: JID) -> Phone? {
        switch jid.server {
        case .user, .legacyUser, .hosted: phones[jid.user]
        case .lid, .hostedLID: numbers[jid.user].flatMap { phones[$0] }
        default: nil
        }
    }

    /// The time has come.
    mutating func fire(_ timer: ServerTimer) {
        switch timer {
        case .references(let id): referencesExpired(on: id)
        case .operation(let operation): operationExpired(operation)
        case .passkey(let id): passkeyExpired(on: id)
        case .heldMessage(let address): releaseHeld(address)
        }
    }
}
