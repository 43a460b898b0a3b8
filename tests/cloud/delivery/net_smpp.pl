#!/usr/bin/perl
# An SMSC of another make: Net::SMPP reads and writes every PDU. Prints its port, then a line of JSON for each message.
use strict;
use warnings;
use JSON::PP;
use Net::SMPP;

$| = 1;
my $door = Net::SMPP->new_listen('127.0.0.1', port => 0, smpp_version => 0x34) or die "no port: $!";
print $door->sockport, "\n";
while (my $line = $door->accept) {
    my $count = 0;
    while (my $pdu = $line->read_pdu) {
        my $command = $pdu->{cmd};
        if ($command == Net::SMPP::CMD_bind_transceiver) {
            $line->set_version(0x34);
            my $status = $pdu->{password} eq 'secret' ? 0 : 0x0e;
            $line->bind_transceiver_resp(system_id => 'perl', seq => $pdu->{seq}, status => $status);
        } elsif ($command == Net::SMPP::CMD_submit_sm) {
            my $id = 'p' . ++$count;
            $line->submit_sm_resp(message_id => $id, seq => $pdu->{seq});
            my %said = map { $_ => $pdu->{$_} } qw(source_addr destination_addr data_coding esm_class);
            print encode_json({%said, hex => unpack('H*', $pdu->{short_message})}), "\n";
            receipt($line, $pdu, $id) if $pdu->{registered_delivery};
        } elsif ($command == Net::SMPP::CMD_enquire_link) {
            $line->enquire_link_resp(seq => $pdu->{seq});
        } elsif ($command == Net::SMPP::CMD_unbind) {
            $line->unbind_resp(seq => $pdu->{seq});
            last;
        }
    }
    $line->close;
}

sub receipt {
    my ($line, $pdu, $id) = @_;
    my $times = 'submit date:2611281200 done date:2611281201';
    $line->deliver_sm(
        source_addr => $pdu->{destination_addr}, destination_addr => $pdu->{source_addr}, esm_class => 4,
        short_message => "id:$id sub:001 dlvrd:001 $times stat:DELIVRD err:000 text:", async => 1,
    );
}
