import Foundation
import SwiftProtobuf
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppCrypto

struct ReportingTokenTests {
    @Test func isThePublishedOne() throws {
        let vectors = try AddOnVectors()
        let message = try vectors.bytes("reporting_token", "message")
        #expect(ReportedContent.reduce(message) == (try vectors.bytes("reporting_token", "extracted_content")))
        let token = ReportingToken.make(
            message: message,
            secret: try vectors.bytes("reporting_token", "message_secret"),
            id: try vectors.text("reporting_token", "message_id"),
            sender: try #require(JID(try vectors.text("reporting_token", "sender"))),
            remote: try #require(JID(try vectors.text("reporting_token", "remote")))
        )
        #expect(token == (try vectors.bytes("reporting_token", "token")))
    }

    @Test func onlyListedFieldsCountInTheOrderOfTheirNumbers() throws {
        var image = WAMessage()
        image.imageMessage.url = "not listed"
        image.imageMessage.caption = "listed"
        image.imageMessage.contextInfo.isForwarded = true
        image.imageMessage.contextInfo.stanzaID = "not listed"
        let reduced = try #require(ReportedContent.reduce(image.serializedBytes() as [UInt8]))
        let read = try WAMessage(serializedBytes: reduced)
        #expect(!read.imageMessage.hasURL)
        #expect(read.imageMessage.caption == "listed")
        #expect(read.imageMessage.contextInfo.isForwarded)
        #expect(!read.imageMessage.contextInfo.hasStanzaID)
    }

    @Test func wrappedMessagesAreReducedToo() throws {
        var inner = WAMessage()
        inner.conversation = "inside"
        inner.messageContextInfo.messageSecret = .init([1])
        var outer = WAMessage()
        outer.ephemeralMessage.message = inner
        // Field 40 is not listed, 37 is.
        #expect(ReportedContent.reduce(try outer.serializedBytes() as [UInt8]) == [])
        outer = WAMessage()
        outer.viewOnceMessage.message = inner
        let reduced = try #require(ReportedContent.reduce(outer.serializedBytes() as [UInt8]))
        #expect(try WAMessage(serializedBytes: reduced).viewOnceMessage.message.conversation == "inside")
    }

    @Test func anyBytesAreReducedOrRefused() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var state = seed
        for _ in 0..<20_000 {
            let bytes = (0..<24).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56) & 0x3f
            }
            let reduced = ReportedContent.reduce(bytes)
            #expect((reduced?.count ?? 0) <= bytes.count * 2, "seed \(seed)")
        }
    }
}
