import Foundation
import SwiftProtobuf
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp

struct AppStateExchangeTests {
    @Test func aFetchNamesVersionsAndAsksForSnapshots() {
        let iq = AppStateExchange.fetch([(.criticalBlock, nil), (.regular, 7)])
        #expect(iq.attributes.text("xmlns") == "w:sync:app:state")
        #expect(iq.attributes.text("type") == "set")
        let collections = iq.child("sync")?.children("collection") ?? []
        #expect(
            collections.map(\.attributes) == [
                ["name": "critical_block", "version": "0", "return_snapshot": "true"],
                ["name": "regular", "version": "7", "return_snapshot": "false"],
            ]
        )
    }

    @Test func anUploadCarriesThePatch() throws {
        var patch = WASyncdPatch()
        patch.snapshotMac = Data([1])
        let iq = try AppStateExchange.upload(patch, to: .regularLow, version: 3)
        let collection = try #require(iq.child("sync")?.child("collection"))
        #expect(collection.attributes.text("version") == "3")
        #expect(try WASyncdPatch(serializedBytes: Array(try #require(collection.child("patch")?.bytes))) == patch)
    }

    private func answer(_ collections: [BinaryNode]) -> BinaryNode {
        BinaryNode("iq", ["type": "result"], children: [BinaryNode("sync", children: collections)])
    }

    @Test func anAnswerIsReadByCollection() throws {
        var patch = WASyncdPatch()
        patch.version.version = 4
        var reference = WAExternalBlobReference()
        reference.directPath = "/v/x?y"
        let parts = try AppStateExchange.parts(
            of: answer([
                BinaryNode(
                    "collection",
                    ["name": "regular", "version": "9", "has_more_patches": "true"],
                    children: [
                        BinaryNode("snapshot", bytes: try reference.serializedBytes() as [UInt8]),
                        BinaryNode(
                            "patches",
                            children: [BinaryNode("patch", bytes: try patch.serializedBytes() as [UInt8])]
                        ),
                    ]
                ),
                BinaryNode("collection", ["name": "new_one", "version": "1"]),
                BinaryNode(
                    "collection",
                    ["name": "regular_low", "type": "error"],
                    children: [BinaryNode("error", ["code": "409", "text": "conflict"])]
                ),
                BinaryNode("collection", ["name": "regular", "version": "1"]),
            ])
        )
        #expect(parts.map(\.collection) == [.regular, .regularLow])
        #expect(parts[0].version == 9 && parts[0].hasMorePatches && parts[0].failure == nil)
        #expect(parts[0].snapshot == reference && parts[0].patches == [patch])
        #expect(parts[1].failure == .init(code: 409, text: "conflict"))
    }

    @Test func whatIsNoPatchOrSnapshotIsMalformed() {
        #expect(throws: RequestError.malformed("sync")) { try AppStateExchange.parts(of: BinaryNode("iq")) }
        let patch = BinaryNode("collection", ["name": "regular"], children: [BinaryNode("patch", bytes: [0xff])])
        #expect(throws: RequestError.malformed("patch")) { try AppStateExchange.parts(of: answer([patch])) }
        let empty = BinaryNode("collection", ["name": "regular"], children: [BinaryNode("patch")])
        #expect(throws: RequestError.malformed("patch")) { try AppStateExchange.parts(of: answer([empty])) }
        let snapshot = BinaryNode("collection", ["name": "regular"], children: [BinaryNode("snapshot", bytes: [0xff])])
        #expect(throws: RequestError.malformed("snapshot")) { try AppStateExchange.parts(of: answer([snapshot])) }
        let error = BinaryNode("collection", ["name": "regular", "type": "error"])
        #expect((try? AppStateExchange.parts(of: answer([error])))?.first?.failure?.code == 500)
    }
}
