import Foundation
import WhatsAppWire

extension ServerState {
    // MARK: Stored queries

    mutating func channelQuery(
        _ operation: MexOperation,
        _ variables: MexRequest.Variables,
        _ iq: BinaryNode,
        from address: DeviceAddress,
        on id: ConnectionID
    ) {
        let number = address.number
        switch operation {
        case .subscribed:
            let followed = channels.channels.values.filter { $0.role(of: number) != "GUEST" }
                .sorted { $0.jid.user < $1.jid.user }
            return mexReply(iq, "xwa2_newsletter_subscribed", followed.map { $0.json(for: number) }, on: id)
        case .create:
            guard let name = variables.input?.name, !name.isEmpty, name.count <= 100 else {
                return reply(to: iq, children: [Self.mexError(406, "name")], on: id)
            }
            let about = variables.input?.description ?? ""
            let channel = channels.create(owner: number, name: name, about: about, at: unixTime)
            return mexReply(iq, "xwa2_newsletter_create", channel.json(for: number), on: id)
        default: break
        }
        guard var channel = channel(variables) else {
            return reply(to: iq, children: [Self.mexError(404, "not found")], on: id)
        }
        switch operation {
        case .follow, .leave:
            let isJoining = operation == .follow
            if isJoining, number != channel.owner { channel.followers.insert(number) }
            if !isJoining { channel.followers.remove(number) }
            channels.channels[channel.jid] = channel
            mexReply(
                iq,
                isJoining ? "xwa2_newsletter_join_v2" : "xwa2_newsletter_leave_v2",
                channel.json(for: number),
                on: id
            )
            tellOwn(channel, isJoining ? "NotificationNewsletterJoin" : "NotificationNewsletterLeave", address)
        case .mute:
            let isMuted = variables.input?.value == "ON"
            if isMuted { channel.muted.insert(number) } else { channel.muted.remove(number) }
            channels.channels[channel.jid] = channel
            mexReply(iq, "xwa2_newsletter_user_setting", ["id": channel.jid.description], on: id)
        case .newsletter: mexReply(iq, "xwa2_newsletter", channel.json(for: number), on: id)
        default: ownerQuery(operation, variables, &channel, iq, number, on: id)
        }
    }

    private mutating func ownerQuery(
        _ operation: MexOperation,
        _ variables: MexRequest.Variables,
        _ channel: inout KeptChannel,
        _ iq: BinaryNode,
        _ number: String,
        on id: ConnectionID
    ) {
        guard channel.owner == number else {
            return reply(to: iq, children: [Self.mexError(403, "forbidden")], on: id)
        }
        if operation == .delete {
            channels.channels[channel.jid] = nil
            channels.live[channel.jid] = nil
            return mexReply(iq, "xwa2_newsletter_delete_v2", ["id": channel.jid.description], on: id)
        }
        channel.name = variables.updates?.name ?? channel.name
        channel.about = variables.updates?.description ?? channel.about
        channel.reactionCodes = variables.updates?.settings?.reactionCodes?.value ?? channel.reactionCodes
        channels.channels[channel.jid] = channel
        mexReply(iq, "xwa2_newsletter_update", channel.json(for: number), on: id)
        let data = ["xwa2_notify_newsletter_on_metadata_update": channel.json(for: number)]
        for follower in channel.followers { mexNotify("NotificationNewsletterUpdate", data, to: follower) }
    }

    private func channel(_ variables: MexRequest.Variables) -> KeptChannel? {
        let key = variables.newsletterID ?? variables.input?.newsletterID ?? variables.input?.key ?? ""
        if variables.input?.type == "INVITE" { return channels.channels.values.first { $0.invite == key } }
        return JID(key).flatMap { channels.channels[$0] }
    }

    private mutating func tellOwn(_ channel: KeptChannel, _ operation: String, _ address: DeviceAddress) {
        let name = operation == "NotificationNewsletterJoin" ? "join" : "leave"
        mexNotify(
            operation,
            ["xwa2_notify_newsletter_on_\(name)": channel.json(for: address.number)],
            to: address.number,
            except: address
        )
    }

    // MARK: History

    /// Namespace `newsletter`: pages of posts, and counters as they change.
    mutating func channelRequest(_ iq: BinaryNode, from address: DeviceAddress, on id: ConnectionID) {
        if let messages = iq.child("messages") {
            guard let channel = messages.attributes.jid("jid").flatMap({ channels.channels[$0] }) else {
                return reject(iq, code: 404, "item-not-found", on: id)
            }
            let page = channel.page(
                before: messages.attributes.integer("before"),
                after: messages.attributes.integer("after"),
                count: min(max(messages.attributes.integer("count") ?? 50, 1), 100)
            )
            let isOwn = channel.owner == address.number
            let node = BinaryNode(
                "messages",
                ["jid": .jid(channel.jid), "t": .text(String(unixTime))],
                children: page.map { $0.node(isOwn: isOwn, withContent: true) }
            )
            return reply(to: iq, children: [node], on: id)
        }
        guard iq.child("live_updates") != nil, let jid = iq.attributes.jid("to"), channels.channels[jid] != nil else {
            return reject(iq, code: 404, "item-not-found", on: id)
        }
        channels.live[jid, default: []].insert(id)
        reply(to: iq, children: [BinaryNode("live_updates", ["duration": "300"])], on: id)
    }

    // MARK: Stanzas

    /// A post, an edit, a reaction or a vote; acknowledged with the number of the post.
    mutating func channelMessage(_ node: BinaryNode, to jid: JID, from address: DeviceAddress, on id: ConnectionID) {
        let outcome = channelOutcome(node, to: jid, from: address, on: id)
        var ack = BinaryNode("ack", ["class": "message", "from": .jid(jid), "t": .text(String(unixTime))])
        ack.attributes["id"] = node.attributes["id"]
        switch outcome {
        case .success(let post):
            ack.attributes["server_id"] = .text(String(post.serverID))
            send(ack, to: id)
            tellCounters(of: post, in: jid)
        case .failure(let refusal):
            ack.attributes["error"] = .text(String(refusal.code))
            send(ack, to: id)
        }
    }

    private struct ChannelRefusal: Error {
        let code: Int
    }

    private mutating func channelOutcome(
        _ node: BinaryNode,
        to jid: JID,
        from address: DeviceAddress,
        on id: ConnectionID
    ) -> Result<KeptChannel.Post, ChannelRefusal> {
        guard var channel = channels.channels[jid], let name = node.attributes.text("id"), !name.isEmpty else {
            return .failure(ChannelRefusal(code: 404))
        }
        defer { channels.channels[jid] = channel }
        add(.save)
        if let reaction = node.child("reaction") {
            guard channel.reactionCodes != "NONE", channel.role(of: address.number) != "GUEST" else {
                return .failure(ChannelRefusal(code: 403))
            }
            let number: Int? = node.attributes.integer("server_id")
            let code = reaction.attributes.text("code")
            let post = channel.change(number) { $0.reactions[address.number] = code }
            return post.map { .success($0) } ?? .failure(ChannelRefusal(code: 404))
        }
        guard channel.owner == address.number else { return .failure(ChannelRefusal(code: 403)) }
        guard let plaintext = node.child("plaintext") else { return .failure(ChannelRefusal(code: 400)) }
        let bytes = plaintext.bytes.map { Array($0) } ?? []
        if let edit = node.attributes.text("edit") {
            guard edit == "3" || edit == "8" else { return .failure(ChannelRefusal(code: 400)) }
            let post = channel.change(named: name) { post in
                post.plaintext = edit == "3" ? bytes : []
                post.isEdited = true
            }
            return post.map { .success($0) } ?? .failure(ChannelRefusal(code: 404))
        }
        let type = node.attributes.text("type") ?? "text"
        let mediaType = plaintext.attributes.text("mediatype")
        let post = channel.add(id: name, type: type, mediaType: mediaType, bytes, at: unixTime)
        distribute(post, of: channel, from: address)
        return .success(post)
    }

    /// The post goes to all devices of the followers, and to the owner's others.
    private mutating func distribute(_ post: KeptChannel.Post, of channel: KeptChannel, from address: DeviceAddress) {
        for number in [channel.owner] + channel.followers.sorted() {
            var node = post.node(isOwn: number == channel.owner, withContent: true)
            node.attributes["from"] = .jid(channel.jid)
            for target in allDevices(of: number) where target != address && target.device != 0 {
                deliver(node, id: post.id, to: target)
            }
        }
    }

    /// Those who asked for it learn of new counters.
    private mutating func tellCounters(of post: KeptChannel.Post, in jid: JID) {
        for id in channels.live[jid] ?? [] {
            guard let watcher = connections[id]?.device else { continue }
            let stanza = newStanzaID()
            let messages = BinaryNode("messages", children: [post.node(isOwn: false, withContent: post.isEdited)])
            let node = BinaryNode(
                "notification",
                ["from": .jid(jid), "type": "newsletter", "id": .text(stanza), "t": .text(String(unixTime))],
                children: [BinaryNode("live_updates", children: [messages])]
            )
            deliver(node, id: stanza, to: watcher)
        }
    }

    /// A companion has shown posts.
    mutating func channelViewed(_ node: BinaryNode, in jid: JID, by address: DeviceAddress) {
        guard var channel = channels.channels[jid] else { return }
        add(.save)
        for item in node.child("list")?.children("item").prefix(256) ?? [] {
            let number: Int? = item.attributes.integer("server_id")
            _ = channel.change(number) { $0.viewers.insert(address.number) }
        }
        channels.channels[jid] = channel
    }
}
