internal import Foundation
internal import SwiftProtobuf
package import WhatsAppCrypto
package import WhatsAppProtobufs
package import WhatsAppWire

/// The request that fetches collections and uploads patches, and its answer.
package enum AppStateExchange {
    /// Wire form: `<iq type="set" xmlns="w:sync:app:state"><sync><collection name version return_snapshot/>…</sync></iq>`.
    ///
    /// A nil version asks for the collection from its beginning.
    package static func fetch(_ wanted: [(collection: AppStateCollection, version: UInt64?)]) -> BinaryNode {
        request(
            wanted.map { item in
                BinaryNode(
                    "collection",
                    [
                        "name": .text(item.collection.rawValue), "version": .text(String(item.version ?? 0)),
                        "return_snapshot": item.version == nil ? "true" : "false",
                    ]
                )
            }
        )
    }

    /// Wire form: as ``fetch(_:)``, with `<patch>SyncdPatch</patch>` in the collection.
    package static func upload(
        _ patch: WASyncdPatch,
        to collection: AppStateCollection,
        version: UInt64
    ) throws(RequestError) -> BinaryNode {
        guard let bytes: [UInt8] = try? patch.serializedBytes() else {
            throw .invalid(field: "app_state", reason: "The patch cannot be encoded.")
        }
        return request([
            BinaryNode(
                "collection",
                [
                    "name": .text(collection.rawValue), "version": .text(String(version)),
                    "return_snapshot": "false",
                ],
                children: [BinaryNode("patch", bytes: bytes)]
            )
        ])
    }

    private static func request(_ collections: [BinaryNode]) -> BinaryNode {
        BinaryNode(
            "iq",
            ["to": .jid(.server), "type": "set", "xmlns": "w:sync:app:state"],
            children: [BinaryNode("sync", children: collections)]
        )
    }

    /// What the service says of one collection.
    package struct Part: Sendable {
        package struct Failure: Sendable, Equatable {
            package var code: Int
            package var text: String?
        }

        package var collection: AppStateCollection
        package var version: UInt64?
        package var hasMorePatches: Bool
        package var failure: Failure?
        package var snapshot: WAExternalBlobReference?
        package var patches: [WASyncdPatch]
    }

    /// As many patches as one answer may have.
    static let patchLimit = 10_000

    /// The parts of an answer; collections of unknown names are left out.
    package static func parts(of answer: BinaryNode) throws(RequestError) -> [Part] {
        guard let sync = answer.child("sync") else { throw .malformed("sync") }
        var parts: [Part] = []
        for node in sync.children("collection") {
            guard let name = node.attributes.text("name"), let collection = AppStateCollection(rawValue: name),
                !parts.contains(where: { $0.collection == collection })
            else { continue }
            parts.append(try part(collection, node))
        }
        return parts
    }

    private static func part(_ collection: AppStateCollection, _ node: BinaryNode) throws(RequestError) -> Part {
        var part = Part(
            collection: collection,
            version: node.attributes.integer("version"),
            hasMorePatches: node.attributes.text("has_more_patches") == "true",
            patches: []
        )
        if node.attributes.text("type") == "error" {
            let error = node.child("error")
            part.failure = .init(
                code: error?.attributes.integer("code") ?? 500,
                text: error?.attributes.text("text").map { String($0.prefix(200)) }
            )
        }
        if let bytes = node.child("snapshot")?.bytes, !bytes.isEmpty {
            guard let reference = try? WAExternalBlobReference(serializedBytes: Array(bytes)) else {
                throw .malformed("snapshot")
            }
            part.snapshot = reference
        }
        let patches = (node.child("patches") ?? node).children("patch")
        guard patches.count <= patchLimit else { throw .malformed("patches") }
        for child in patches {
            guard let bytes = child.bytes, let patch = try? WASyncdPatch(serializedBytes: Array(bytes)) else {
                throw .malformed("patch")
            }
            part.patches.append(patch)
        }
        return part
    }
}
