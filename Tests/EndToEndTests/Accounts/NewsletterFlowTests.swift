import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

@Suite(.timeLimit(.minutes(4)))
struct NewsletterFlowTests {
    @Test func channelIsMadeFollowedAndRead() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            let channel = try await ada.session.createNewsletter(name: "News", about: "All of it")
            #expect(channel.role == .owner)
            let invite = try #require(channel.invite)
            #expect(try await bob.session.newsletter(invite: invite).jid == channel.jid)
            try await bob.session.follow(channel.jid)
            #expect(try await bob.session.subscribedNewsletters().map(\.jid) == [channel.jid])
            try await bob.session.muteNewsletter(channel.jid, isMuted: true)
            #expect(try await bob.session.newsletter(channel.jid).isMuted == true)

            let post = try await ada.session.post(OutgoingMessage(.text(OutgoingText("first"))), to: channel.jid)
            let number = try #require(post.serverID)
            try await eventually { bob.messages.contains { $0.id == post.id && $0.chat == channel.jid } }
            #expect(bob.messages.first?.serverID == number)
            #expect(bob.texts == ["first"])

            let time = try await ada.session.subscribeLiveUpdates(of: channel.jid)
            #expect(time > .zero)
            try await bob.session.react("👍", to: number, in: channel.jid)
            try await eventually { ada.lastPost?.reactions == ["👍": 1] }
            try await bob.session.markViewed([number], in: channel.jid)

            let target = MessageTarget(chat: channel.jid, id: post.id, isFromMe: true)
            let edit = OutgoingEdit(target: target, text: OutgoingText("corrected"))
            #expect(try await ada.session.post(OutgoingMessage(.edit(edit)), to: channel.jid).id == post.id)
            var history = try await bob.session.newsletterHistory(channel.jid)
            #expect(history.map(\.message?.conversation) == ["corrected"])
            #expect(history.first?.views == 1)
            _ = try await ada.session.post(OutgoingMessage(.revoke(target)), to: channel.jid)
            history = try await bob.session.newsletterHistory(channel.jid)
            #expect(history.map(\.message) == [nil])

            await #expect(throws: SendError.refused(code: 403)) {
                try await bob.session.post(OutgoingMessage(.text(OutgoingText("mine"))), to: channel.jid)
            }
            await #expect(throws: RequestError.refused(code: 403, text: "forbidden", backOff: nil)) {
                try await bob.session.updateNewsletter(channel.jid, NewsletterUpdate(name: "Bob's"))
            }
            try await ada.session.updateNewsletter(channel.jid, NewsletterUpdate(name: "More news", reactions: "NONE"))
            try await eventually {
                bob.newsletterEvents.contains(NewsletterEvent(newsletter: channel.jid, kind: .changed))
            }
            #expect(try await bob.session.newsletter(channel.jid).name == "More news")
            await #expect(throws: SendError.refused(code: 403)) {
                try await bob.session.react("👍", to: number, in: channel.jid)
            }
            try await bob.session.leaveNewsletter(channel.jid)
            try await ada.session.deleteNewsletter(channel.jid)
            await #expect(throws: RequestError.refused(code: 404, text: "not found", backOff: nil)) {
                try await bob.session.newsletter(channel.jid)
            }
            await ada.session.stop()
            await bob.session.stop()
        }
    }

    @Test func pagesOfHistoryJoin() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let channel = try await ada.session.createNewsletter(name: "News")
            var numbers: [Int] = []
            for index in 0..<7 {
                let post = try await ada.session.post(
                    OutgoingMessage(.text(OutgoingText("\(index)"))),
                    to: channel.jid
                )
                numbers.append(try #require(post.serverID))
            }
            let newest = try await ada.session.newsletterHistory(channel.jid, count: 3)
            #expect(newest.map(\.serverID) == Array(numbers.suffix(3)))
            let older = try await ada.session.newsletterHistory(channel.jid, .before(numbers[4]), count: 3)
            #expect(older.map(\.serverID) == Array(numbers[1...3]))
            let after = try await ada.session.newsletterHistory(channel.jid, .after(numbers[0]), count: 2)
            #expect(after.map(\.serverID) == Array(numbers[1...2]))
            #expect(newest.map(\.isOwn) == [true, true, true])
            await ada.session.stop()
        }
    }
}

extension RunningSession {
    /// The last post that live updates told of.
    fileprivate var lastPost: NewsletterPost? {
        newsletterEvents.compactMap { event in
            if case .posts(let posts) = event.kind { posts.last } else { nil }
        }
        .last
    }
}
