import Foundation
import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// The handshakes of the protocol notes' vectors, from the server's side.
struct HandshakeVectorTests {
    private func makeServer() throws -> ConnectionState {
        ConnectionState(
            responder: NoiseResponder(
                staticKey: try Curve25519KeyPair(
                    privateKey: hex("383c11c34874832d7861dc5dd70b3d7c04c892db3e618164a2890cc6b0ae3f75")
                ),
                ephemeral: try Curve25519KeyPair(
                    privateKey: hex("888f799e804c186c32f7eb4a904617d2e0e5964ac65b093107286584e459e072")
                ),
                certificateChain: Self.chain
            )
        )
    }

    private static let client = hex("e25f296d1e318e8bc11cf6c48abd73d15094fca5e452f219106f1d6c50add469")

    @Test func fullHandshakeAndFirstFrames() throws {
        var server = try makeServer()
        let first = server.receive(Self.clientHello)
        #expect(first == [.write(Self.serverHello)])
        let second = server.receive(Self.clientFinish)
        #expect(second == [.established(noisePublicKey: Self.client, payload: Self.payload)])
        let third = server.receive(Self.ping)
        #expect(
            third == [
                .stanza(
                    BinaryNode("iq", ["id": "51.17-1", "to": .jid(.server), "type": "get", "xmlns": "w:p"])
                )
            ]
        )
        let lid = JID(user: "100000000000001", server: .lid, device: 7)
        let success = server.seal(BinaryNode("success", ["t": "1766000000", "lid": .jid(lid)]))
        #expect(success == Self.success)
    }

    @Test func resumedHandshake() throws {
        var server = try makeServer()
        let actions = server.receive(Self.resumption)
        #expect(
            actions == [
                .write(Self.resumed), .established(noisePublicKey: Self.client, payload: Self.payload),
            ]
        )
    }

    static let chain = hex(
        """
        0a770a3308c90210031a2041d212458e69cd7765cc9cedb3942923ceea8e4f40084ce299aef4ca19c5997d2080e2cfaa062880a8
        d6b9071240df05217775ec8dad1cdc86321c04f0f4081e1401e2b7db7b4654e5c7153b1873dd60f6fc2920a21648dd0cb02d461c
        46773211f842947933fbb045cac0cbd20312760a32080310001a20f629a72a652467e719c41bbe16f05918b535c3639b8c2a548c
        863ada3551074f2080e2cfaa062880a8d6b9071240d1643fcbcbe483d85e51b1b21ffc4d6fcc54d529438adc70104a3cfe941447
        381ae3abd643172b9ba6ea3b678a45d402aa5f66a0afc3d2c813ac3e2c39a29f09
        """
    )
    static let clientHello = hex(
        """
        5741060300002412220a20304148190e3e779db8740cc279f5f0d644edf986e50817b805f946fbbe6a7000
        """
    )
    static let serverHello = hex(
        """
        00015b1ad8020a205b65d28c0fb87644bb053bbb948271076898272208103f96e69fc160c8f1a0481230d3f1cb4750162fc436ae
        31d65f625538191e87386ad54ee3477d9b8e3fdaf0d2b9bab58de3d8cef0c84ce46537a46e821a8102dfce388b39285418f80670
        384da348a6e260299c3f0f7c813e58381f09492986cf83f10ba0d20d4b00877dde08003c69099a9a1119fd6b4f263d7fdf414cd2
        fe4faa48810dabaeb8f8f0b07452b174af14c89bea6ebd0ffccc8ba8164f4ffcbe87cb5a4f746343f617c112f5a689d9f51d3960
        01e9299ccd452ab1d41375c2d148e797dec1124e2d68e9f99f18c0ba64a377c8e26bbab38a0b3c768d290f3750236fcce2c9a5fd
        6fd319802dbcc9f7970f3c62061737337b3bafa23c024f1e5bab7fa848d1a41f3eefa1970d2913b912a4be2705f98e9ca577fb72
        9767f23dbbc524715a53fe1c34e409fb42a6fa7156c907329ecc9aae6d6fe4dff82643564b17
        """
    )
    static let clientFinish = hex(
        """
        00009d229a010a30378e38fc201aeeb7d2eca654346fb948185d596e506666797e64ab243f5264d2a9896eb5199eed2028bc0060
        9e12f24a12661e8c0290aa01fd51094c4955b0da1168732ffcb0af87491bbe6ab6900f830db30313a22a937a1726135e32b13517
        0c91bdd4b8d2fdbcba9eb90c13e25292ca62d3ad5f369e8ddb665728c4fd8750cebcd605138f5480941d8057d6e9158130658602
        e5a2472e
        """
    )
    static let payload = hex(
        """
        088784b4f73918012a38080e120b080210b81718d7afcdf2031a0330303022033030302a03302e3132003a074465736b746f7042
        03302e3150005a02656e620255533202200060016801900107c00101880201c80201
        """
    )
    static let ping = hex(
        """
        000023f6e24c9783eefbffbe0047bca35dd45dc5b84cc25423a34980143f5cd0efd582293a35
        """
    )
    static let success = hex(
        """
        00002a6260c2d06fc57c56153d7bb8d6dc40cc1ad2469085f4f96c31b696cc297fea2cf871946b0ce778e452b5
        """
    )
    static let resumption = hex(
        """
        574106030000bf12bc010a20304148190e3e779db8740cc279f5f0d644edf986e50817b805f946fbbe6a700012307e9a2cc2bd90
        14f5efe555e9d4f3d0c045b3bdf8cb05d387b11ab96f9c2b46d57d091b0b3d89dba0099db86ff380f5e81a664f7b1356ccbf6536
        26d819473003155e994a5ace42a505fe12c1f3e8487d7e60877e9645c4411a85aeee096eade4358de44c87c69a1c1c80bb6e9905
        2d85c7e4d7b7073df3dcc09c0fe9bf5989e79a4d03cf175c5536513c3d0b8267a23e1798130e0c5425ae
        """
    )
    static let resumed = hex(
        """
        0001291aa6020a205b65d28c0fb87644bb053bbb948271076898272208103f96e69fc160c8f1a0481a810201a15cea2cc5651d9d
        386d40d45596c0e24a7661b0d866d4d677ab69e7fad4994137202bec619e769db88972a10706dbe0eb4e0dda39a1043ec2fe0686
        e521686da9c9ec3f9e682e73d013b6519aadfaf9f3bf2719b709560853f851a41b44a5e7d8467f13f81688744a4820b82cb65df5
        8d82b40ce76882c1cc74b4c0e12a01a73c55ebe114a0dc51c3778acf7db0a22a4b81fa0ece964654b9a0e86ecfa987678c5ad982
        b31b148ccdc67bcaef518c4ddb5bfef0349e4ec4979028df37eaf304b2860024436042d155ddd9bcefae9e07a7ea9bd46d580880
        3f104c0be33259af6cc11fca8b76d42da67780e2e91a8444c51f6c2a8b123166f7140bc9705116b1
        """
    )
}
