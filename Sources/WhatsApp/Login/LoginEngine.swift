package import Foundation
package import SignalProtocol
package import WhatsAppWire

/// One connection of a linked device: logs in, and unless that was all that was wanted, hands in pre-keys, becomes active and stays alive.
package struct LoginEngine: Engine {
    /// What the login is for.
    package enum Purpose: Sendable, Equatable {
        /// To see it succeed. Nothing is uploaded, acknowledged or taken from the backlog, so that whoever uses the
        /// credentials next finds everything as if nobody had been there.
        case confirm
        /// To stay.
        case stay
    }

    package enum Event: Sendable {
        /// The service let the device in; the credentials carry what it told about them.
        case loggedIn(Credentials)
        /// Pre-keys are to be handed in: call `storedPreKeys` with those that are stored and have never been.
        case preKeysWanted
        /// Store these before they are handed in, then call `preKeysStored`.
        case preKeysMade([PreKey], Credentials)
        /// The service has the pre-keys.
        case preKeysTaken(Credentials)
        /// Active: everything that arrives from now on is new.
        case active
        /// A stanza for the layers above, acknowledged by them.
        case stanza(BinaryNode)
        /// An answer to `request`.
        case answer(id: String, BinaryNode)
        /// The service has forgotten this device at our own wish.
        case loggedOut
        /// The last event.
        case ended(Ending)
    }

    package enum Ending: Sendable, Equatable {
        /// The purpose is fulfilled.
        case finished
        case stream(StreamEnd)
        case broken(StreamError)
        /// No answer to the handshake, the login or a ping.
        case timedOut
        /// The credentials name no account that could log in.
        case notLinked
    }

    typealias Action = EngineAction<Event>

    static let handshakeTimeout: Duration = .seconds(20)
    static let requestTimeout: Duration = .seconds(60)
    static let batchSize = 812

    package internal(set) var credentials: Credentials
    let purpose: Purpose
    var random: RandomSource
    var stream: StreamState
    var requestIDs: RequestIDs
    var keepAlive: KeepAliveState?
    /// What the answers to our own requests lead to.
    var pending: [String: PendingRequest] = [:]
    /// Made and stored, on their way to the service.
    var preKeys: [PreKey] = []
    /// How often they have been handed in in vain.
    var failedUploads = 0
    var isMakingPreKeys = false
    /// The next number after one that was given away while a batch was being made.
    var skippedPreKeyID: UInt32?
    var isActive = false
    private var isLoggedIn = false
    var hasEnded = false
    private let hasPayload: Bool

    enum PendingRequest: Sendable {
        case preKeyCount
        case preKeyUpload
        case active
        case ping
        case logout
        case outside
    }

    package init(
        credentials: Credentials,
        profile: ClientProfile,
        rootKey: [UInt8],
        purpose: Purpose,
        random: RandomSource = RandomSource()
    ) {
        var random = random
        self.credentials = credentials
        self.purpose = purpose
        let payload = ClientPayloads.login(credentials, profile: profile)
        hasPayload = payload != nil
        stream = StreamState(
            staticKey: credentials.noiseKey,
            ephemeral: .generate(using: &random),
            rootKey: rootKey,
            payload: payload ?? []
        )
        requestIDs = RequestIDs(using: &random)
        self.random = random
    }

    // MARK: Driver

    package mutating func start(now: Date) -> [EngineAction<Event>] {
        guard hasPayload else { return end(.notLinked) }
        do {
            let bytes = try stream.opening(routingInfo: credentials.routingInfo)
            return [.send(bytes), .schedule(.handshake, after: Self.handshakeTimeout)]
        } catch {
            return end(.broken(error))
        }
    }

    package mutating func receive(_ bytes: some Collection<UInt8>, now: Date) -> [EngineAction<Event>] {
        guard !hasEnded else { return [] }
        stream.append(bytes)
        keepAlive?.received(now: now)
        var actions: [Action] = []
        do {
            while !hasEnded, let output = try stream.next(now: now) {
                switch output {
                case .opened(let bytes): actions += [.send(bytes)]
                case .stanza(let node): actions += handle(node, now: now)
                }
            }
        } catch {
            actions += end(.broken(error))
        }
        return actions
    }

    package mutating func fired(_ timer: EngineTimer, now: Date) -> [EngineAction<Event>] {
        guard !hasEnded else { return [] }
        switch timer {
        case .handshake: return end(.timedOut)
        case .keepAlive: return checkLife(now: now)
        case .preKeyUpload: return uploadPreKeys(now: now)
        case .request(let id): return giveUp(id, now: now)
        case .reference, .pairingCode, .pairingRequest, .pairSuccess, .passkey, .restart: return []
        }
    }

    package mutating func closed(now: Date) -> [EngineAction<Event>] {
        end(.stream(.ended))
    }

    mutating func end(_ ending: Ending) -> [Action] {
        guard !hasEnded else { return [] }
        hasEnded = true
        preKeys = []
        return [.emit(.ended(ending)), .close]
    }

    mutating func send(_ node: BinaryNode, now: Date) -> [Action] {
        do {
            return [.send(try stream.seal(node))]
        } catch {
            return end(.broken(error))
        }
    }

    mutating func ask(_ node: BinaryNode, id: String, as purpose: PendingRequest, now: Date) -> [Action] {
        pending[id] = purpose
        return send(node, now: now) + [.schedule(.request(id), after: Self.requestTimeout)]
    }

    /// Sends a stanza of the layers above; a request's answer comes as an event.
    package mutating func send(_ node: BinaryNode, awaitingAnswer id: String?, now: Date) -> [EngineAction<Event>] {
        guard isLoggedIn, !hasEnded else { return [] }
        guard let id else { return send(node, now: now) }
        return ask(node, id: id, as: .outside, now: now)
    }

    // MARK: Stanzas

    private mutating func handle(_ node: BinaryNode, now: Date) -> [Action] {
        if let streamEnd = StreamEnd(node) { return end(.stream(streamEnd)) }
        switch node.tag {
        case "success": return logIn(node, now: now)
        case "iq": return handleRequest(node, now: now)
        case "ib":
            takeRoutingInfo(node)
            return pass(node)
        case "notification":
            guard purpose == .stay else { return [] }
            return handleNotification(node, now: now) + pass(node)
        default: return pass(node)
        }
    }

    private func pass(_ node: BinaryNode) -> [Action] {
        purpose == .stay ? [.emit(.stanza(node))] : []
    }

    private mutating func logIn(_ node: BinaryNode, now: Date) -> [Action] {
        guard !isLoggedIn, credentials.account != nil else { return [] }
        isLoggedIn = true
        if let lid = node.attributes.jid("lid"), lid.server == .lid { credentials.account?.lid = lid }
        credentials.loginCount &+= 1
        let actions: [Action] = [.cancel(.handshake), .emit(.loggedIn(credentials))]
        guard purpose == .stay else { return actions + end(.finished) }
        keepAlive = KeepAliveState(now: now)
        return actions + [.schedule(.keepAlive, after: nextLifeCheck())] + ensurePreKeys(now: now)
    }

    private mutating func handleRequest(_ node: BinaryNode, now: Date) -> [Action] {
        if Stanzas.isServerPing(node) { return send(Stanzas.result(for: node), now: now) }
        let type = node.attributes.text("type")
        guard type == "result" || type == "error", let id = node.attributes.text("id"),
            let purpose = pending.removeValue(forKey: id)
        else { return pass(node) }
        return [.cancel(.request(id))] + handleAnswer(node, id: id, to: purpose, now: now)
    }

    private mutating func handleAnswer(
        _ node: BinaryNode,
        id: String,
        to request: PendingRequest,
        now: Date
    ) -> [Action] {
        switch request {
        case .preKeyCount: return handlePreKeyCount(node, now: now)
        case .preKeyUpload: return handlePreKeyUpload(node, now: now)
        case .active: return [.emit(.active)]
        case .ping: return []
        case .logout: return [.emit(.loggedOut)] + end(.finished)
        case .outside: return [.emit(.answer(id: id, node))]
        }
    }

    private mutating func giveUp(_ id: String, now: Date) -> [Action] {
        switch pending.removeValue(forKey: id) {
        case .logout: return [.emit(.loggedOut)] + end(.finished)
        case .outside:
            let error = BinaryNode("error", ["code": "408", "text": "timeout"])
            return [.emit(.answer(id: id, BinaryNode("iq", ["type": "error", "id": .text(id)], children: [error])))]
        case .preKeyUpload: return uploadFailed(now: now)
        case .preKeyCount, .active: return end(.timedOut)
        case .ping, nil: return []
        }
    }

    private mutating func takeRoutingInfo(_ node: BinaryNode) {
        guard let routing = node.child("edge_routing")?.child("routing_info")?.bytes, routing.count <= 1024 else {
            return
        }
        credentials.routingInfo = Array(routing)
    }

    // MARK: Life

    private mutating func checkLife(now: Date) -> [Action] {
        switch keepAlive?.tick(now: now) {
        case .reconnect: return end(.timedOut)
        case .sendPing:
            let id = requestIDs.next()
            pending[id] = .ping
            keepAlive?.pinged(now: now)
            return send(Stanzas.request("get", "w:p", id: id), now: now)
                + [.schedule(.keepAlive, after: .seconds(KeepAliveState.deadline))]
        case .nothing, nil: return [.schedule(.keepAlive, after: nextLifeCheck())]
        }
    }

    private mutating func nextLifeCheck() -> Duration {
        .seconds(Double.random(in: KeepAliveState.interval, using: &random))
    }

    /// Asks the service to forget this device.
    ///
    /// Ends within three seconds, answered or not.
    package mutating func logOut(now: Date) -> [EngineAction<Event>] {
        guard isLoggedIn, !hasEnded, let jid = credentials.account?.jid else { return end(.notLinked) }
        let id = requestIDs.next()
        pending[id] = .logout
        let removal = BinaryNode("remove-companion-device", ["jid": .jid(jid), "reason": "user_initiated"])
        return send(Stanzas.request("set", "md", id: id, children: [removal]), now: now)
            + [.schedule(.request(id), after: .seconds(3))]
    }
}
