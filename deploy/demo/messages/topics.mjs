/** Where the shop's messages go, by the type of what happened. */
export const topics = {
  orderCompleted: 'shop/orders/completed',
  orderCancelled: 'shop/orders/cancelled',
  shipmentBooked: 'shop/shipments/booked',
  pointsGranted: 'shop/loyalty/points-granted',
};
