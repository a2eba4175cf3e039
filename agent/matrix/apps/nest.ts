import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Inject, Injectable, Logger, Module, NotFoundException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';

@Injectable()
class Orders {
  private readonly logger = new Logger('Orders');

  find(path: string): string {
    console.log('order %s', path);
    this.logger.warn('one was asked for');
    return path;
  }
}

@Controller('orders')
class OrdersController {
  @Inject(Orders)
  private readonly orders!: Orders;

  @Get('boom')
  boom(): never {
    throw new TypeError('kaput');
  }

  @Get('none')
  none(): never {
    throw new NotFoundException();
  }

  @Get(':id')
  one(): string {
    return this.orders.find('one');
  }
}

@Module({ controllers: [OrdersController], providers: [Orders] })
class App {}

const app = NestFactory.create(App, new ExpressAdapter(), { logger: ['warn'] });
void app.then(async (created) => {
  created.setGlobalPrefix('api');
  await created.listen(0, '127.0.0.1');
  console.log(`listening ${(created.getHttpServer().address() as AddressInfo).port}`);
});
